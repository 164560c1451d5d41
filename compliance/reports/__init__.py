"""Reports of who spoke where, when and how much: for those who may see them, recorded as looks and as files taken.

Reports have no words of messages, but they say who speaks with whom. They are of everything that was captured and
therefore for whoever the matrix lets see that much; reviewers, who see only what their matters hold, get none: a figure
narrowed to a matter's pieces would look like a figure of the whole.
"""
