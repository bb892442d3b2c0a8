"""What can happen around the consensus of a question."""

INVITED = "doctor.invited"
INVITATION_DECLINED = "invitation.declined"
RECONSIDER_OPENED = "reconsider.opened"
RECONSIDERED = "reconsider.answered"
