"""What to pull from Zoom next, and pulling it: plan, claim, pull, close.

A window is one session (or one list) over one span of days, and its row is the job: `planning` makes rows due,
`windows` claims and closes them, `pulling` reads one from its first page to its last, `work` does so until nothing
is due. Attachments and forwarded messages are rows of the same sort. A window that was not read to its end stays
a visible gap with its reason; nothing here may ever close one that was not.
"""
