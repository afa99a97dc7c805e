#include "gateway/limits/shared_rate_scripts.h"

namespace delta::limits {

namespace {

/// The time, and how windows are read and written. Nothing is written before all is read and decided: a
/// script that fails half-way is not undone.
constexpr const char *common = R"lua(
local call, format, match, sub = redis.call, string.format, string.match, string.sub
local floor, max, min = math.floor, math.max, math.min
local steps = 60
local clock = redis.call('TIME')
local now = clock[1] * 1000 + floor(clock[2] / 1000)

-- The key of slots lives for so many leases from the last time that it is prolonged: an hour in all.
local leasesOfLife = 120

-- Left to itself Redis writes 1000000000 as 1e+9. '%d' takes half the time of '%.0f', but cannot hold more
-- than 31 bits on a machine of 32.
local whole, headForm, entryForm = '%d', '%d %d %d %d %d', ';%d:%d:%d'
if format(whole, 2 ^ 40) ~= '1099511627776' then
  whole, headForm, entryForm = '%.0f', '%.0f %.0f %.0f %.0f %.0f', ';%.0f:%.0f:%.0f'
end

-- What all windows of one length have in common: found once, for a call has many windows of few lengths.
local kinds = {}
local function kindOf(name)
  local kind = kinds[name]
  if not kind then
    local length = tonumber(name)
    kind = {name = name, past = name .. '+', length = length, step = floor(now / length)}
    kinds[name] = kind
  end
  return kind
end

-- A step joins the past, and what is too old by now leaves it. Returns false if the past is none.
local function moveOn(key, window, requests, tokens)
  local past = call('HGET', key, window.kind.past) or ''
  past = past .. format(entryForm, window.changed, requests, tokens)
  local first, from = window.step - steps, 1
  while true do
    local step, oldRequests, oldTokens, after = match(past, '^;(%d+):(%d+):(%d+)()', from)
    if not step then return false end
    if step + 0 >= first then break end
    window.requests, window.tokens = window.requests - oldRequests, window.tokens - oldTokens
    from = after
  end
  window.requests, window.tokens = max(window.requests, 0), max(window.tokens, 0)
  window.past = sub(past, from)
  return true
end

-- Returns false if the head is none.
local function readHead(key, window, head)
  local changed, requests, ownRequests, tokens, ownTokens = match(head, '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
  if not changed then return false end
  changed, requests, ownRequests = changed + 0, requests + 0, ownRequests + 0
  tokens, ownTokens = tokens + 0, ownTokens + 0
  local ahead = changed - window.step
  if ahead < -steps or ahead > steps or requests > 1e16 or tokens > 1e16
    or ownRequests > requests or ownTokens > tokens then return false end
  window.changed, window.requests, window.tokens = changed, requests, tokens
  if ahead < 0 then return moveOn(key, window, ownRequests, ownTokens) end
  window.step, window.ownRequests, window.ownTokens = changed, ownRequests, ownTokens
  return true
end

-- As of now. A window whose step lies ahead was counted by a clock that was ahead: its time stands still,
-- unless that is too far to be true.
local function readWindow(key, name, head)
  local kind = kindOf(name)
  local window = {kind = kind, step = kind.step, changed = kind.step, past = false, isChanged = false,
                  requests = 0, ownRequests = 0, tokens = 0, ownTokens = 0}
  if not head or not readHead(key, window, head) then
    -- A new one, without the past that another may have left.
    window.requests, window.tokens, window.past = 0, 0, ''
  end
  return window
end

-- In the step of now.
local function add(window, requests, tokens)
  window.requests, window.ownRequests = window.requests + requests, window.ownRequests + requests
  window.tokens, window.ownTokens = window.tokens + tokens, window.ownTokens + tokens
  window.changed, window.isChanged = window.step, true
end

-- Writes those windows of one key that have changed. Returns whether there were any.
local function writeWindows(key, windows, isForeign)
  local fields, count, life = {}, 0, 0
  for index = 1, #windows do
    local window = windows[index]
    if window.isChanged then
      local kind = window.kind
      fields[count + 1] = kind.name
      fields[count + 2] = format(headForm, window.step, window.requests, window.ownRequests, window.tokens,
                                 window.ownTokens)
      count = count + 2
      if window.past then
        fields[count + 1], fields[count + 2] = kind.past, window.past
        count = count + 2
        -- Two steps more than are counted, so that once in each step is enough.
        life = max(life, (steps + 2) * kind.length)
      end
    end
  end
  if count == 0 then return false end
  if isForeign then call('DEL', key) end
  call('HSET', key, unpack(fields))
  -- A longer window of the same key may need it for longer.
  if life > 0 and call('PTTL', key) < life then call('PEXPIRE', key, format(whole, life)) end
  return true
end
)lua";

constexpr const char *admit = R"lua(
local name, lease, tokens = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local never = 1e15

-- A lease that ends later than any can is not one of ours.
local over, last, leaseEnd = format(whole, now), format(whole, now + 2 * lease), format(whole, now + lease)
local live = '(' .. over
local slotLife = format(whole, leasesOfLife * lease)

-- Until what a window counts of a unit has fallen to `most`.
local function fallsIn(key, window, unit, most)
  if most < 0 then return never end
  local length, left = window.kind.length, window[unit]
  local past = window.past or call('HGET', key, window.kind.past) or ''
  for step, oldRequests, oldTokens in string.gmatch(past, ';(%d+):(%d+):(%d+)') do
    left = left - (unit == 'tokens' and oldTokens or oldRequests)
    if left <= most then return max((step + steps + 1) * length - now, 1) end
  end
  return (window.step + steps + 1) * length - now
end

local counters, refusing, wait = 0, 0, 0
local function refuse(roomIn)
  if refusing == 0 or roomIn > wait then refusing, wait = counters, roomIn end
end

local function judge(key, window, unit, limit, amount)
  if limit == '' then return end
  counters = counters + 1
  local most = limit - amount
  if window[unit] > most then refuse(fallsIn(key, window, unit, most)) end
end

local function readSlots(key, limit)
  counters = counters + 1
  local count = redis.pcall('ZCOUNT', key, live, last)
  local isForeign = type(count) ~= 'number'
  local used = isForeign and 0 or count
  if used >= limit then refuse(limit > 0 and 1000 or never) end
  return {used = used, isForeign = isForeign}
end

local function takeSlot(key, slots)
  if slots.isForeign then call('DEL', key) end
  call('ZADD', key, leaseEnd, name)
  slots.used = slots.used + 1
  -- What is over is not counted, and the key outlives many leases: to be rid of the one and to prolong the
  -- other is seldom needed, so chance says when.
  if clock[2] % 16 == 0 then
    call('ZREMRANGEBYSCORE', key, '-inf', over)
    call('ZREMRANGEBYSCORE', key, '(' .. last, '+inf')
    call('PEXPIRE', key, slotLife)
  elseif slots.used == 1 then
    call('PEXPIRE', key, slotLife) -- It may be new.
  end
end

-- Reads all and judges it.
local groups, foreign, at = {}, {}, 4
for index, key in ipairs(KEYS) do
  local count = tonumber(ARGV[at])
  if count == 0 then
    groups[index] = readSlots(key, tonumber(ARGV[at + 1]))
    at = at + 2
  else
    local heads = redis.pcall('HMGET', key, unpack(ARGV, at + 1, at + count))
    if heads.err then foreign[key] = true end
    local windows, limits = {limits = at + count + 1}, at + count + 1
    for place = 1, count do
      local window = readWindow(key, ARGV[at + place], heads[place])
      judge(key, window, 'requests', ARGV[limits], 1)
      judge(key, window, 'tokens', ARGV[limits + 1], tokens)
      windows[place], limits = window, limits + 2
    end
    groups[index] = windows
    at = limits
  end
end

local reply, size = {refusing, now, wait}, 3
local function tell(used, resetsIn)
  reply[size + 1], reply[size + 2] = used, used == 0 and 0 or resetsIn
  size = size + 2
end

-- Counts the call if all let it through.
for index, key in ipairs(KEYS) do
  local group = groups[index]
  local limits = group.limits
  if not limits then
    if refusing == 0 then takeSlot(key, group) end
    tell(group.used, 1000)
  else
    for place = 1, #group do
      local window, hasRequests, hasTokens = group[place], ARGV[limits] ~= '', ARGV[limits + 1] ~= ''
      if refusing == 0 and (hasRequests or tokens > 0) then
        add(window, hasRequests and 1 or 0, hasTokens and tokens or 0)
      end
      local resetsIn = (window.changed + steps + 1) * window.kind.length - now
      if hasRequests then tell(window.requests, resetsIn) end
      if hasTokens then tell(window.tokens, resetsIn) end
      limits = limits + 2
    end
    if writeWindows(key, group, foreign[key]) then foreign[key] = nil end
  end
end
return reply
)lua";

constexpr const char *settle = R"lua(
local name, admittedAt = ARGV[1], tonumber(ARGV[2])

-- Takes back what was counted in a step that is over.
local function takeFromPast(key, window, step, requests, tokens)
  local past = window.past or call('HGET', key, window.kind.past) or ''
  local _, before = string.find(past, ';' .. format(whole, step) .. ':', 1, true)
  if not before then return end
  local oldRequests, oldTokens, after = match(past, '^(%d+):(%d+)()', before + 1)
  if not oldRequests then return end
  requests = min(requests, oldRequests + 0, window.requests - window.ownRequests)
  tokens = min(tokens, oldTokens + 0, window.tokens - window.ownTokens)
  window.requests, window.tokens = window.requests - requests, window.tokens - tokens
  local left = format(whole .. ':' .. whole, oldRequests - requests, oldTokens - tokens)
  window.past, window.isChanged = sub(past, 1, before) .. left .. sub(past, after), true
end

local function change(key, window, requests, tokens)
  local step = floor(admittedAt / window.kind.length)
  if requests >= 0 and tokens >= 0 then
    add(window, requests, tokens)
  elseif step < window.step then
    takeFromPast(key, window, step, -requests, -tokens)
  elseif step == window.step and window.ownRequests + window.ownTokens > 0 then
    add(window, max(requests, -window.ownRequests), max(tokens, -window.ownTokens))
  end
end

local at = 3
for _, key in ipairs(KEYS) do
  local count = tonumber(ARGV[at])
  if count == 0 then
    redis.pcall('ZREM', key, name)
  else
    local heads = redis.pcall('HMGET', key, unpack(ARGV, at + 1, at + count))
    local windows, changes = {}, at + count + 1
    for place = 1, count do
      windows[place] = readWindow(key, ARGV[at + place], heads[place])
      change(key, windows[place], tonumber(ARGV[changes]), tonumber(ARGV[changes + 1]))
      changes = changes + 2
    end
    writeWindows(key, windows, heads.err)
    at = changes - 1
  end
  at = at + 1
end
return {}
)lua";

constexpr const char *renew = R"lua(
local lease = tonumber(ARGV[1])
local leaseEnd, slotLife = format(whole, now + lease), format(whole, leasesOfLife * lease)
for index, key in ipairs(KEYS) do
  local added = redis.pcall('ZADD', key, leaseEnd, ARGV[1 + index])
  if type(added) == 'table' then
    call('DEL', key)
    call('ZADD', key, leaseEnd, ARGV[1 + index])
  end
  call('PEXPIRE', key, slotLife)
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
