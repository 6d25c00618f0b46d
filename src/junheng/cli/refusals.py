"""打不开的原因: what the operating system says of a file, in words for the person at the keyboard."""

import errno

_WORDS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只能读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EBUSY: "文件正被占用",
    errno.ETXTBSY: "文件正被占用",
}


def why(error: OSError) -> str:
    """A few Chinese words for the error; the system's number where there are none."""
    return _WORDS.get(error.errno or 0, f"系统错误 {error.errno or '不明'}")
