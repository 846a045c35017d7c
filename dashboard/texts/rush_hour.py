"""What the simulator's page says."""

TEXTS: dict[str, tuple[str, str]] = {
    "rush_hour_title": ("러시아워", "Rush hour"),
    "rush_hour_subtitle": (
        "손님을 몰려오게 하고 공장을 고장 내어, 매장이 스스로 채워지는 모습을 봅니다.",
        "Let customers crowd in and the factory fail, and watch the shop fill its shelves by itself.",
    ),
    "simulator_only": (
        "시뮬레이터입니다. 손님은 가상이지만 구매는 실제 구매 API로 처리되어 재고와 매출이 바뀝니다.",
        "This is a simulator. The customers are made up; their purchases are real, and change stock and revenue.",
    ),
    "simulator_off": (
        "시뮬레이터가 꺼져 있습니다. FACTOAUTO_SIMULATOR=1 로 켭니다.",
        "The simulator is off. FACTOAUTO_SIMULATOR=1 turns it on.",
    ),
    "crowd": ("손님", "Customers"),
    "per_second": ("초당 손님 수 (평균)", "Customers per second (average)"),
    "for_minutes": ("지속 시간 (분)", "For how long (minutes)"),
    "mix": ("무엇을 사나요? (상품별 비중)", "What do they buy? (weight of each product)"),
    "start_rush": ("시작", "Start"),
    "stop_rush": ("멈추기", "Stop"),
    "ends_by_itself": (
        "최대 {minutes}분 뒤 스스로 멈춥니다.",
        "It ends by itself after {minutes} minutes at most.",
    ),
    "rush_started": ("손님이 몰려옵니다", "Here they come"),
    "rush_stopped": ("손님이 더 오지 않습니다", "Nobody comes any more"),
    "remaining": ("남은 시간", "Time left"),
    "came": ("다녀간 손님", "Customers so far"),
    "came_sold": ("구매함", "Bought"),
    "came_refused": ("못 삼", "Turned away"),
    "came_unanswered": ("답 없음", "No answer"),
    "not_running": ("멈춤", "Stopped"),
    "shelves": ("선반", "Shelves"),
    "queue_now": ("대기열", "Queue"),
    "queue_line": (
        "대기 {visible} · 처리 중 {in_flight} · DLQ {dead_letters}",
        "Waiting {visible} · in flight {in_flight} · DLQ {dead_letters}",
    ),
    "faults": ("공장 고장", "Factory faults"),
    "faults_help": (
        "여기서 켠 고장은 {span} 뒤 저절로 풀립니다. 그사이 대시보드가 다시 시작되면 그때부터 다시 셉니다.",
        "What is switched on here ends by itself {span} later; if the dashboard is restarted, {span} after that.",
    ),
    "fault_outage": ("중단: 주문을 503으로 거절", "Outage: refuse orders with 503"),
    "fault_slow": ("지연: 3초 늦게 답함", "Slow: answer 3 seconds late"),
    "fault_duplicate": ("중복: 콜백을 두 번 보냄", "Duplicate: call back twice"),
    "fault_lost": ("유실: 콜백을 보내지 않음", "Lost: never call back"),
    "fault_on": ("{fault} 켬", "{fault}: on"),
    "fault_off": ("{fault} 끔", "{fault}: off"),
    "faults_gone": (
        "공장의 고장 스위치에 연결할 수 없습니다: {reason}",
        "The factory's fault switches cannot be reached: {reason}",
    ),
}
