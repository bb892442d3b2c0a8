"""What happens by itself."""

DAY_BEGAN = "day.began"
