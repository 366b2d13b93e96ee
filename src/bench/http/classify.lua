-- wrk script: titles that are never the same twice, so that no answer comes from the cache.
-- Arguments after '--': the API key, and a number that makes the titles of this run its own.
local words = {
  "cordless", "drill", "running", "shoes", "usb", "cable", "green", "tea", "desk", "lamp", "wool", "rug",
  "espresso", "beans", "yoga", "mat", "steel", "bottle", "cotton", "shirt", "leather", "wallet", "kids",
  "puzzle", "dog", "food", "garden", "hose", "led", "bulb", "office", "chair", "gel", "pens", "winter",
  "jacket", "pasta", "sauce", "mountain", "bike", "phone", "case", "bluetooth", "speaker", "frying", "pan",
}
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
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. key
end

function request()
  count = count + 1
  local title = {}
  for i = 1, 7 do
    title[i] = words[math.random(#words)]
  end
  local body = string.format(
    '{"title":"%s %d%d%07d","brand":"Brevoxel","taxonomy":"starter"}',
    table.concat(title, " "), run, number, count)
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read
    + summary.errors.write + summary.errors.timeout
  io.write(string.format("figures %.1f %d %d %.3f %.3f\n",
    summary.requests / (summary.duration / 1e6), summary.requests, failed,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
