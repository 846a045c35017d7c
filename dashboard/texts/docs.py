"""What the page of API documents says."""

TEXTS: dict[str, tuple[str, str]] = {
    "docs_title": ("API 문서", "API docs"),
    "docs_subtitle": (
        "공장이 공개한 문서와 매장의 문서를 나란히 봅니다.",
        "The factory's published document, and the shop's beside it.",
    ),
    "which_document": ("문서", "Document"),
    "factory_document": ("공장 API", "Factory API"),
    "shop_document": ("매장 API", "Shop API"),
    "file_factory_document": ("공장 openapi.json", "Factory's openapi.json"),
    "file_shop_document": ("매장 openapi.json", "Shop's openapi.json"),
    "open_tab": ("새 탭에서 열기", "Open in a new tab"),
    "document_gone": (
        "{name} 문서를 내어 주는 서버에 연결할 수 없습니다. 연결되는 대로 자동으로 표시합니다.",
        "The server of the document {name} cannot be reached. It appears here as soon as it can be.",
    ),
    "document_frame": ("{name} 문서", "Document: {name}"),
}
