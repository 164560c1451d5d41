"""Exports: what somebody may see of the archive, taken out as files that prove themselves.

An export is chosen (a matter, a saved search, a frozen list, a session and a period), measured, looked at, made and
taken. What is chosen is frozen at a checkpoint of the log; measuring writes everything into a sink that only counts and
hashes, so that what is made equals what was shown, or fails and says what differs; making it again gives the same bytes.

Promises: nobody exports what they may not see; nothing goes out that was not shown first, nor, where policy wants a
second person, without one who saw the same digest; what is destroyed in the archive does not live on here. Each step is
an event of the trail with subject `export/N`, and so a leaf of the log; each download has one at its start and its end.

Must never keep a word of a message or a name of a file in a row of its own.
"""
