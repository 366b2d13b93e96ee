-- wrk script: titles a shop would send, none sent twice, so that no answer comes from the cache.
-- Each is a title of the sample catalog with a model number that makes it new.
-- Arguments after '--': the API key, a number that makes the titles of this run its own, the catalog's CSV file.
local titles = {}
local key, run, thread = "", 0, 0
local count = 0

local threads = 0
function setup(t)
  threads = threads + 1
  t:set("number", threads)
end

function init(args)
  key = args[1]
  run = tonumber(args[2]) or 0
  math.randomseed(run * 1000 + number)
  local file = assert(io.open(args[3], "r"))
  file:read("*l")
  for line in file:lines() do
    local title = line:match('^[^,]*,"([^"]*)"') or line:match("^[^,]*,([^,]*)")
    titles[#titles + 1] = title:gsub("[^%w%s%.%-&+/]", "")
  end
  file:close()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. key
end

function request()
  count = count + 1
  local body = string.format(
    '{"title":"%s %d%d%07d","brand":"Brevoxel","taxonomy":"starter"}',
    titles[math.random(#titles)], run, number, count)
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format("figures %.1f %d %d %.3f %.3f\n",
    summary.requests / (summary.duration / 1e6), summary.requests, failed,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
