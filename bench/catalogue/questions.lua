-- wrk -s questions.lua URL -- KIND: requests of one kind, over what seed_catalogue has made. The token is in
-- SLUICE_TOKEN.
local environments = { "dev", "stg", "prod" }

local function name(i) return string.format("%s.orders.events-%06d", environments[i % 3 + 1], i) end

local kinds = {
  env = function(i) return "/v1/catalog/topics?env=" .. environments[i % 3 + 1] end,
  owner = function(i) return string.format("/v1/catalog/topics?owner=team-%03d", i % 200) end,
  tag = function(i) return string.format("/v1/catalog/topics?tag=tag-%02d", i % 20) end,
  subject = function(i) return "/v1/catalog/topics?subject=" .. name(i * 7919 % 100000) .. "-value" end,
  q = function(i) return string.format("/v1/catalog/topics?q=Events-%04d", i * 31 % 10000) end,
  rare = function(i) return string.format("/v1/catalog/topics?q=%06d", i * 7919 % 100000) end,
  topic = function(i) return "/v1/topics/" .. name(i * 7 % 1000 * 3) end,
  missing = function(i) return string.format("/v1/topics/dev.none.%d", i) end,
}

local path
local asked = 0

function init(args)
  path = kinds[args[1]]
  wrk.headers["Authorization"] = "Bearer " .. os.getenv("SLUICE_TOKEN")
  wrk.headers["X-Request-Id"] = "bench"
end

function request()
  asked = asked + 1
  return wrk.format("GET", path(asked))
end
