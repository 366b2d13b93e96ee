-- wrk script: recommendations for users of MadeUpShop, one in ten for a user nobody has seen.
-- Arguments after '--': the API key, how many users there are.
local key, users = "", 1
local threads, unseen = 0, 0

function setup(t)
  threads = threads + 1
  t:set("number", threads)
end

function init(args)
  key, users = args[1], tonumber(args[2])
  math.randomseed(os.time() * 10 + number)
  wrk.headers["Authorization"] = "Bearer " .. key
end

function request()
  local user
  if math.random(10) == 1 then
    unseen = unseen + 1
    user = "new-" .. number .. "-" .. unseen .. "-" .. os.time()
  else
    user = "u" .. math.random(0, users - 1)
  end
  return wrk.format(nil, "/api/v1/recommend?limit=10&user=" .. user)
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format("%d requests, %.1f/s, failed %d, p50 %.2f ms, p95 %.2f ms, p99 %.2f ms\n",
    summary.requests, summary.requests / (summary.duration / 1e6), failed,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
