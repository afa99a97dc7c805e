#include "gateway/limits/shared_rate_scripts.h"

namespace delta::limits {

namespace {

/// The time, and how windows are read and written. Nothing is written before all is read and decided: a
/// script that fails half-way is not undone.
constexpr const char *common = R"lua(
local steps = 60
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Left to itself Redis writes 1000000000 as 1e+9.
local function digits(number)
  return string.format('%.0f', number)
end

local function whole(text)
  if type(text) == 'string' and #text <= 16 and string.match(text, '^%d+$') then
    return tonumber(text)
  end
end

local function amounts(key, first, last)
  local fields = {}
  for step = first, last do fields[#fields + 1] = digits(step) end
  local values = redis.call('HMGET', key, unpack(fields))
  for index, value in ipairs(values) do values[index] = whole(value) or 0 end
  return fields, values
end

-- As of now. A window whose step lies ahead was counted by a clock that was ahead: its time stands still,
-- unless that is too far to be true.
local function readWindow(key, length)
  local step = math.floor(now / length)
  local window = {key = key, length = length, step = step, changed = step, sum = 0, isNew = true}
  local head = redis.pcall('HMGET', key, 's', 'c', digits(step))
  if head.err then return window end
  local sum, changed = whole(head[1]), whole(head[2])
  if not sum or not changed or changed < step - steps or changed > step + steps then return window end
  window.isNew, window.changed, window.step = false, changed, math.max(step, changed)
  window.own = window.step == step and (whole(head[3]) or 0)
  if step > changed then
    local fields, values = amounts(key, changed - steps, step - steps - 1)
    for _, value in ipairs(values) do sum = sum - value end
    window.forgotten = fields
  end
  window.sum = math.max(sum, 0)
  return window
end

local function writeWindow(window, step, change)
  local key = window.key
  local own = 0
  if window.isNew then
    redis.call('DEL', key)
  else
    own = step == window.step and window.own or whole(redis.call('HGET', key, digits(step))) or 0
    if window.forgotten then redis.call('HDEL', key, unpack(window.forgotten)) end
  end
  change = math.max(change, -own, -window.sum)
  window.sum = window.sum + change
  redis.call('HSET', key, 's', digits(window.sum), 'c', digits(window.step), digits(step), digits(own + change))
  -- Two steps more than are counted, so that once in each step is enough.
  if window.isNew or window.changed < window.step then
    redis.call('PEXPIRE', key, digits((steps + 2) * window.length))
  end
end
)lua";

constexpr const char *admit = R"lua(
local name, lease = ARGV[1], tonumber(ARGV[2])

-- A lease that ends later than any can is not one of ours.
local function slotsUsed(key)
  local count = redis.pcall('ZCOUNT', key, '(' .. digits(now), digits(now + 2 * lease))
  if type(count) == 'number' then return count end
  return nil
end

-- Until the sum has fallen to `most`.
local function fallsIn(window, most)
  if window.isNew then return 0 end
  local _, values = amounts(window.key, window.step - steps, window.step)
  local left = window.sum
  for index, value in ipairs(values) do
    left = left - value
    -- The first of them is of the step window.step - steps.
    if left <= most then return math.max((window.step + index) * window.length - now, 1) end
  end
  return (window.step + steps + 1) * window.length - now
end

-- Several rules may be of one counter: all of their limits hold, and the call counts once.
local rules, counters, refusing, wait = {}, {}, 0, 0
for index, key in ipairs(KEYS) do
  local at = 3 * index
  local length, limit, amount = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local counter = counters[key]
  if not counter then
    counter = {amount = amount}
    if length > 0 then counter.window = readWindow(key, length) else counter.slots = slotsUsed(key) end
    counter.used = counter.window and counter.window.sum or counter.slots or 0
    counters[key] = counter
  end
  if counter.used > limit - amount then
    local room_in = counter.window and fallsIn(counter.window, limit - amount) or 1000
    if refusing == 0 or room_in > wait then refusing, wait = index, room_in end
  end
  rules[index] = counter
end

local function count(key, counter)
  counter.isCounted = true
  counter.used = counter.used + counter.amount
  if counter.window then
    if counter.amount > 0 then
      writeWindow(counter.window, counter.window.step, counter.amount)
      counter.window.changed = counter.window.step
    end
    return
  end
  if not counter.slots then
    redis.call('DEL', key)
  elseif redis.call('ZCARD', key) > counter.slots then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', digits(now))
    redis.call('ZREMRANGEBYSCORE', key, '(' .. digits(now + 2 * lease), '+inf')
  end
  redis.call('ZADD', key, digits(now + lease), name)
  redis.call('PEXPIRE', key, digits(2 * lease))
end

local reply = {refusing, now, wait}
for index, key in ipairs(KEYS) do
  local counter = rules[index]
  if refusing == 0 and not counter.isCounted then count(key, counter) end
  local window = counter.window
  local resets = window and (window.changed + steps + 1) * window.length - now or 1000
  reply[#reply + 1] = counter.used
  reply[#reply + 1] = counter.used == 0 and 0 or resets
end
return reply
)lua";

constexpr const char *settle = R"lua(
local name, admittedAt = ARGV[1], tonumber(ARGV[2])
for index, key in ipairs(KEYS) do
  local at = 1 + 2 * index
  local length, change = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  if length == 0 then
    redis.pcall('ZREM', key, name)
  else
    local window = readWindow(key, length)
    local step = change < 0 and math.floor(admittedAt / length) or window.step
    local isCounted = step >= window.step - steps and step <= window.step
    if isCounted and (change > 0 or not window.isNew) then
      writeWindow(window, step, change)
    end
  end
end
return {}
)lua";

constexpr const char *renew = R"lua(
local lease = tonumber(ARGV[1])
for index, key in ipairs(KEYS) do
  local added = redis.pcall('ZADD', key, digits(now + lease), ARGV[1 + index])
  if type(added) == 'table' then
    redis.call('DEL', key)
    redis.call('ZADD', key, digits(now + lease), ARGV[1 + index])
  end
  redis.call('PEXPIRE', key, digits(2 * lease))
end
return {}
)lua";

} // namespace

ports::SharedScript admitScript()
{
    return ports::SharedScript(QByteArray(common) + admit);
}

ports::SharedScript settleScript()
{
    return ports::SharedScript(QByteArray(common) + settle);
}

ports::SharedScript renewScript()
{
    return ports::SharedScript(QByteArray(common) + renew);
}

} // namespace delta::limits
