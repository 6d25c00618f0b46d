"""就读与毕业去向 (graduates): where each registered child studies or works now."""
