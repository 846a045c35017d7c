-- wrk's part of a storm: POSTs the bodies of a file one after the other, and reports in JSON.
--   BENCH_BODIES  the file, a body a line; wrk sends a single one without asking Lua again
--   BENCH_KEYS    1: an Idempotency-Key of its own for each request

local bodies = {}
for line in io.lines(os.getenv("BENCH_BODIES")) do
   bodies[#bodies + 1] = line
end

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = bodies[1]

if os.getenv("BENCH_KEYS") == "1" then
   local run, sent = os.getenv("BENCH_RUN"), 0
   function request()
      sent = sent + 1
      wrk.headers["Idempotency-Key"] = run .. "-" .. sent
      return wrk.format(nil, nil, nil, bodies[sent % #bodies + 1])
   end
elseif #bodies > 1 then
   local requests, sent = {}, 0
   function request()
      sent = sent + 1
      local number = sent % #bodies + 1
      requests[number] = requests[number] or wrk.format(nil, nil, nil, bodies[number])
      return requests[number]
   end
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      'BENCH {"microseconds": %d, "answered": %d, "refused": %d, "broken": %d, "slow": %d, ' ..
      '"p50_us": %d, "p99_us": %d, "longest_us": %d}\n',
      summary.duration, summary.requests, errors.status, errors.connect + errors.read + errors.write,
      errors.timeout, latency:percentile(50), latency:percentile(99), latency.max))
end
