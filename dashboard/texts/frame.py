"""What every page says: its frame, the connection, the states, the units."""

TEXTS: dict[str, tuple[str, str]] = {
    "shop_name": ("부산도너츠", "Busan Donuts"),
    "language": ("언어", "Language"),
    "live": ("실시간 {time}", "Live {time}"),
    "stale": ("연결 끊김", "Disconnected"),
    "gone": (
        "백엔드에 연결할 수 없습니다. 마지막 데이터({time})를 표시하며 자동으로 다시 연결합니다.",
        "The backend cannot be reached. This is the last data ({time}); it reconnects by itself.",
    ),
    "gone_from_the_start": (
        "백엔드에 연결할 수 없습니다. 연결되는 대로 자동으로 표시합니다.",
        "The backend cannot be reached. This page fills as soon as it can be.",
    ),
    "gone_without_data": (
        "백엔드에서 정상 응답이 없습니다(마지막 정상 응답 {time}). 자동으로 다시 시도합니다.",
        "The backend does not answer (last good answer {time}); it is tried again by itself.",
    ),
    "ailing": (
        "백엔드가 지금 답하지 못합니다({reason}). 마지막 데이터({time})를 표시하며 자동으로 다시 시도합니다.",
        "The backend cannot answer now ({reason}). This is the last data ({time}); it tries again by itself.",
    ),
    "no_token": (
        "운영자 토큰이 없어 운영 작업을 할 수 없습니다. FACTOAUTO_OPERATOR_TOKEN 을 설정하세요.",
        "Operator work is off: there is no operator token. Set FACTOAUTO_OPERATOR_TOKEN.",
    ),
    "simulating": ("시뮬레이션 중", "Simulation running"),
    "no_answer": (
        "백엔드의 답을 받지 못했습니다. 처리되었는지 확인한 뒤 다시 시도하세요.",
        "The backend did not answer. See whether it was done before you try again.",
    ),
    "not_sent": (
        "백엔드에 연결할 수 없어 처리되지 않았습니다.",
        "Nothing was done: the backend cannot be reached.",
    ),
    "refused": ("거절됨: {reason}", "Refused: {reason}"),
    "state_in_stock": ("판매 중", "In stock"),
    "state_low": ("부족 임박", "Running low"),
    "state_out_of_stock": ("품절", "Sold out"),
    "keep": ("그만두기", "Never mind"),
    "quantity": ("수량", "Quantity"),
    "unknown": ("–", "–"),
    "login_title": ("로그인", "Sign in"),
    "login_password": ("비밀번호", "Password"),
    "login_enter": ("들어가기", "Enter"),
    "login_wrong": ("비밀번호가 맞지 않습니다.", "That is not the password."),
    "login_busy": ("지금은 시도가 너무 많습니다. 잠시 뒤에 다시 하세요.", "Too many attempts. Try again shortly."),
    "show_more": ("더 보기", "Show more"),
}
