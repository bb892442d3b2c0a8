"""The search page: what its address asks for, what is found, how the found questions can be narrowed."""
