-- wrk script: titles a shop would send, none sent twice, so that no answer comes from the cache.
-- Each is a title of the sample catalog with a model number of eight signs that makes it new.
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

local signs = "0123456789abcdefghijklmnopqrstuvwxyz"
-- No two alike: 15 bits of the run, one of the thread, 24 of the count, mixed so that the signs look drawn.
local function model()
  local rest = ((run % 32768) * 2 + number % 2) * 16777216 + count
  rest = (rest * 5003 + 7) % 1099511627776
  local made = {}
  for i = 1, 8 do
    local sign = rest % 36
    made[i] = signs:sub(sign + 1, sign + 1)
    rest = (rest - sign) / 36
  end
  return table.concat(made)
end

function request()
  count = count + 1
  local body = string.format(
    '{"title":"%s %s","brand":"Brevoxel","taxonomy":"starter"}', titles[math.random(#titles)], model())
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format("figures %.1f %d %d %.3f %.3f\n",
    summary.requests / (summary.duration / 1e6), summary.requests, failed,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
