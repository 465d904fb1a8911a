-- Prints what a run of wrk came to as one line of JSON.
local function number_of(errors)
  return errors.connect + errors.read + errors.write + errors.timeout
end

function done(summary, latency)
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %f, "refused": %d, "failed": %d, "p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, summary.errors.status, number_of(summary.errors),
    latency:percentile(50), latency:percentile(99)))
end
