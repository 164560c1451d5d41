"""The text inside files: what strangers sent, read by a child process that can do nothing else.

    reader        the process that reads one file after another for a worker, watched and bounded
    child         what runs there: it forks once a file, shuts itself in (`confinement`) and reads (`contents`)
    formats       one module a family of formats; pure functions from bytes to text
    outcomes      what can become of a file, each reason with its sentence
    texts         the text as it is stored, compressed, under its digest

Nothing that the child imports knows Django, a setting or the network. The text is derived from the blob: it can be
dropped and made anew, and it goes when the blob goes.
"""

VERSION = 1
"""Of the extraction: whoever changes what is read of some file raises it, and every file is read again."""
