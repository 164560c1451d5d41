"""What kind a file is for a report: by the ending of its name, which is all that is known of a file not fetched.

Only these words are kept in the counts, never an ending itself: it is a part of a name that somebody gave.
"""

KINDS: dict[str, tuple[str, ...]] = {
    "pictures": ("png", "jpg", "jpeg", "gif", "webp", "heic", "heif", "bmp", "tif", "tiff", "svg", "avif"),
    "documents": ("doc", "docx", "odt", "rtf", "pages", "txt", "md", "tex"),
    "pdf": ("pdf",),
    "sheets": ("xls", "xlsx", "xlsm", "ods", "csv", "tsv", "numbers"),
    "slides": ("ppt", "pptx", "odp", "key"),
    "archives": ("zip", "7z", "rar", "gz", "tgz", "tar", "bz2", "xz", "zst"),
    "sound": ("mp3", "m4a", "wav", "ogg", "oga", "flac", "aac", "amr", "opus"),
    "films": ("mp4", "mov", "avi", "mkv", "webm", "m4v"),
    "mail": ("eml", "msg", "ics", "vcf"),
    "code": ("py", "js", "ts", "java", "c", "cpp", "h", "go", "rs", "rb", "sh", "sql", "html", "css", "json",
             "xml", "yaml", "yml", "toml", "log", "patch", "diff", "ipynb"),
    "programs": ("exe", "msi", "dmg", "apk", "jar", "deb", "rpm", "bat", "ps1"),
}  # fmt: skip
OTHER, NONE = "other", "no ending"

ENDINGS = [(ending, kind) for kind, endings in KINDS.items() for ending in endings]
"""Every known ending and its kind."""
EVERY = (*KINDS, OTHER, NONE)
