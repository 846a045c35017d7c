"""The factory as its partners see it: takes orders, produces for a while, and calls back.

The path of one order, file by file:

1. `order_routes` receives `POST /api/manufactures`; `bodies` reads its JSON or XML;
2. `order_form` says what an order is, in the partners' own field names;
3. `callback_hosts` decides whether the factory may call that `CallbackUrl` at all;
4. `factory` files it in the `order_book` under its `Idempotency-Key`, and puts it on the line;
5. `production_line` keeps the clock: what is due is done, by a few threads, and nothing else is;
6. `callbacks` tells the shop of each delivery: `callback_client` posts it, `retry_policy` says when again;
7. `faults` are the simulator's switches, and `fault_panel` what they spoil of these steps on purpose.

Around it: `settings` reads the environment, `server` runs the program, `docs_routes` publishes
`openapi.yaml`, and `problems` turns every error into a problem document.
"""
