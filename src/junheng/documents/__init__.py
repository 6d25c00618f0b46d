"""文件 (documents): finished results → Excel, Word, PDF bytes. Nothing is computed here."""
