"""What the shop page says."""

TEXTS: dict[str, tuple[str, str]] = {
    "shop_title": ("매장", "Shop"),
    "shop_subtitle": (
        "고객이 사면 재고가 줄고, 부족하면 공장에 자동으로 주문합니다.",
        "Customers buy, stock falls, and what runs short is ordered from the factory by itself.",
    ),
    "revenue": ("최근 1시간 매출", "Revenue, last hour"),
    "sold_quantity": ("판매 수량", "Units sold"),
    "lost_sales": ("놓친 판매 {count}개", "Lost sales ({count})"),
    "short_products": ("부족 상품", "Running short"),
    "open_replenishments": ("진행 중 보충", "Orders under way"),
    "price_and_rate": ("{price} · 분당 {rate}개", "{price} · {rate}/min"),
    "on_order": ("입고 예정 {count}", "{count} on order"),
    "buy": ("구매", "Buy"),
    "buy_help": ("{name} 구매", "Buy {name}"),
    "buy_quantity": ("{name} 수량", "Quantity of {name}"),
    "shelf": (
        "{name}: 재고 {on_hand}개, 보충 기준선 {reorder_point}",
        "{name}: {on_hand} on the shelf, {reorder_point}",
    ),
    "shelf_reorder_point": ("{count}개", "reorder point {count}"),
    "shelf_no_reorder_point": ("없음", "no reorder point"),
    "picture_of": ("{name} 그림", "Picture of {name}"),
    "bought": ("{message} · {name} {count}개", "{message} · {name} × {count}"),
    "ordered_for_you": ("{message} · {name} · {number}", "{message} · {name} · {number}"),
    "sales_per_minute": ("분당 판매량", "Sales per minute"),
    "sales_chart": (
        "최근 30분의 분당 판매량, 상품별 누적 막대",
        "Sales per minute over the last 30 minutes, stacked by product",
    ),
    "no_sales": (
        "최근 30분 동안 판매가 없습니다. 위의 구매 버튼을 눌러 보세요.",
        "Nothing was sold in the last 30 minutes. Press a Buy button above.",
    ),
    "activity": ("최근 활동", "Recent activity"),
    "no_activity": (
        "아직 활동이 없습니다. 판매, 주문, 입고가 여기에 나타납니다.",
        "Nothing happened yet. Sales, orders and deliveries appear here.",
    ),
    "no_products": (
        "아직 상품이 없습니다. `factoauto seed` 로 예시 매장을 채우세요.",
        "There are no products yet. Fill the demo shop with `factoauto seed`.",
    ),
    "did_sale": ("{name} {count}개 판매", "{name} × {count} sold"),
    "did_out_of_stock": ("{name} {count}개 재고 부족", "{name} × {count} not in stock"),
    "did_order": ("{name} {count}개 보충 주문", "{name} × {count} ordered"),
    "did_receipt": ("{name} {count}개 입고", "{name} × {count} received"),
    "did_refused_delivery": ("{name} {count}개 입고 거절", "{name} × {count} delivery refused"),
    "did_return": ("{name} {count}개 반품", "{name} × {count} returned"),
    "did_adjustment": ("{name} 재고 조정 {count}", "{name} adjusted by {count}"),
}
