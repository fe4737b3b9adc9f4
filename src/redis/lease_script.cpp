#include "redis/lease_script.hpp"

#include "schedule/lease_terms.hpp"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <limits>
#include <stdexcept>

namespace usher::redis {

namespace terms = usher::schedule;

namespace {

// The same terms as budget_state.cpp, by Redis's own clock; all times are microseconds. The first key holds the line's
// head and the counts, the second one the holes of a line or the log of grants, the third one the members, and the
// fourth one when the instance was first seen, which outlives all counts. What of the parts is of another kind than the
// order is left alone.
// A mark is "begin interval count head" of a slice, where the head is 0 for a hole, or "number count" of a logged
// grant.
constexpr std::string_view script = R"lua(
local line, parts, members, birth = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local member, mark = ARGV[1], ARGV[2]
local function given(i) return tonumber(ARGV[i]) end
local wanted, returned, requests, interval, burst = given(3), given(4), given(5), given(6), given(7)
local rejoins, member_time, rejoin_time, rest = ARGV[8] == '1', given(9), given(10), given(11)
local least_horizon, most_horizon, use_time, hold_time, most_holes = given(12), given(13), given(14), given(15), given(16)
local pause, wake_time, others_kept, birth_kept, window, cold_window =
  given(17), given(18), given(19), given(20), given(21), given(22)
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function text(x) return string.format('%.0f', x) end
local function keep(key, microseconds)
  local ms = math.ceil(microseconds / 1000)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, ms) end
end
local function known(field) return tonumber(redis.call('HGET', line, field) or '') end
local head = known('head')

if returned > 0 and mark ~= '' then
  local begin, step, count, last = string.match(mark, '^(-?%d+) (%d+) (%d+) (%d+)$')
  if begin then
    begin, step, count, last = tonumber(begin), tonumber(step), math.min(returned, tonumber(count)), tonumber(last)
    begin = begin + step * (tonumber(string.match(mark, '^-?%d+ %d+ (%d+)')) - count)
    if head and last == head then
      head = math.max(head - step * count, math.min(now, head))
      redis.call('HSET', line, 'head', text(head))
    elseif begin + step * count > now and redis.call('ZCARD', parts) < most_holes then
      redis.call('ZADD', parts, text(begin), text(begin) .. ' ' .. text(step) .. ' ' .. text(count))
      keep(parts, begin + step * count - now + 1000000)
    end
  else
    local number, all = string.match(mark, '^(%d+) (%d+)$')
    local score = redis.call('ZSCORE', parts, mark)
    if score then
      local back = math.min(returned, tonumber(all))
      redis.call('ZREM', parts, mark)
      if tonumber(all) > back then redis.call('ZADD', parts, score, number .. ' ' .. text(tonumber(all) - back)) end
      redis.call('HINCRBY', line, 'counted', text(-back))
    end
  end
end
if wanted == 0 then return {0, 0, 0, 0, 0, 0, 0, ''} end

redis.call('ZADD', members, text(now), member)
redis.call('ZREMRANGEBYSCORE', members, '-inf', '(' .. text(now - others_kept))
-- What is later than now is from before the server's clock was set back; so it is below.
for _, other in ipairs(redis.call('ZRANGEBYSCORE', members, '(' .. text(now), '+inf')) do
  redis.call('ZADD', members, text(now), other)
end
keep(members, others_kept + 1000000)
local sharing = redis.call('ZCOUNT', members, text(now - member_time), '+inf')

local born = tonumber(redis.call('GET', birth) or '')
if not born or born > now then
  born = now
  redis.call('SET', birth, text(now), 'PX', math.ceil(birth_kept / 1000))
elseif redis.call('PTTL', birth) < birth_kept / 2000 then
  keep(birth, birth_kept)
end

local log_begin
if interval == 0 then
  local latest = now + use_time + hold_time
  for _, entry in ipairs(redis.call('ZRANGEBYSCORE', parts, '(' .. text(latest), '+inf')) do
    if string.match(entry, '^%d+ %d+$') then redis.call('ZADD', parts, text(latest), entry) end
  end
  local all = redis.call('ZRANGEBYSCORE', parts, '-inf', text(now))
  for _, entry in ipairs(all) do
    local count = string.match(entry, '^%d+ (%d+)$')
    if count then
      redis.call('HINCRBY', line, 'counted', '-' .. count)
      redis.call('ZREM', parts, entry)
    end
  end
  log_begin = redis.call('ZRANGEBYSCORE', parts, '(' .. text(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
  if redis.call('EXISTS', parts) == 0 then redis.call('HDEL', line, 'counted') end
end

local settled, woke = known('settled') or 0, known('woke')
if settled > now + rejoin_time then settled = 0 end
local has_begun = woke and woke <= now and now < woke + rejoin_time
if rejoins and now >= settled and (not head or head < now - pause or has_begun) then
  settled = now + rejoin_time
  redis.call('HSET', line, 'head', text(settled), 'settled', text(settled))
  redis.call('HDEL', line, 'woke', 'alone')
  if interval == 0 and not log_begin then redis.call('HSET', line, 'cold', text(settled)) end
  keep(line, math.max(rejoin_time, hold_time) + 10000000)
end
if now < settled then return {0, 0, 0, 0, settled - now, sharing, 0, ''} end

if interval == 0 then
  local cold = known('cold') or 0
  if cold > now then cold = 0 end
  local may, age = requests, now - math.max(born, cold)
  if age < cold_window then
    may = math.min(requests, math.max(math.floor(requests / 20), 1) + math.floor(age / cold_window * requests))
  end
  local room = math.max(may - (known('counted') or 0), 0)
  local granted = math.min(room, wanted)
  if granted == 0 then
    local again = log_begin and tonumber(log_begin) - now or 1000000
    if may < requests then again = math.min(again, math.floor(cold_window / requests)) end
    return {0, 0, 0, 0, math.max(again, 20000), sharing, 0, ''}
  end
  local entry = text(redis.call('HINCRBY', line, 'number', 1)) .. ' ' .. text(granted)
  redis.call('HINCRBY', line, 'counted', granted)
  redis.call('ZADD', parts, text(now + use_time + hold_time), entry)
  keep(line, use_time + hold_time + 10000000)
  keep(parts, use_time + hold_time + 10000000)
  return {granted, 0, 0, use_time, 0, sharing, room - granted, entry}
end

local alone = known('alone') or 0
if now < alone and alone <= now + wake_time then return {0, 0, 0, 0, alone - now, sharing, 0, ''} end

for _, entry in ipairs(redis.call('ZRANGE', parts, 0, -1)) do
  local begin, step, count = string.match(entry, '^(-?%d+) (%d+) (%d+)$')
  begin, step, count = tonumber(begin), tonumber(step), tonumber(count)
  if begin then redis.call('ZREM', parts, entry) end
  if begin and begin < now then
    local past = math.min(math.floor((now - begin) / step), count)
    begin, count = begin + step * past, count - past
  end
  if begin and count > 0 then
    local granted = math.min(count, wanted)
    local stop = begin + step * granted
    if count > granted then
      redis.call('ZADD', parts, text(stop), text(stop) .. ' ' .. text(step) .. ' ' .. text(count - granted))
    end
    local taken = text(begin) .. ' ' .. text(step) .. ' ' .. text(granted) .. ' 0'
    return {granted, begin - now, step, stop - now + rest, 0, sharing, 0, taken}
  end
end

local tolerance = interval * (burst - 1)
local horizon = math.min(math.max(interval * wanted * sharing * 1.5, least_horizon), most_horizon) + tolerance
local was = head
head = math.max(head or now, now)
-- The server's clock was set back: the line begins anew, at its horizon.
if head > now + 2 * math.max(horizon, most_horizon + tolerance) + 2 * interval then head = now + horizon end
local room = math.floor((now + horizon - head) / interval)
if head == now then room = math.max(room, 1) end
local least = math.min(math.max(math.floor(horizon / interval), 1), math.ceil(wanted / 2))
if room < least then
  local opens = math.min(head, head + interval * least - horizon)
  return {0, 0, 0, 0, math.max(opens - now, 20000), sharing, 0, ''}
end
local granted = math.min(room, wanted)
local begin = head - tolerance
head = head + interval * granted
redis.call('HSET', line, 'head', text(head))
keep(line, head - now + math.max(window, 10000000))
if not was or was < now - pause then redis.call('HSET', line, 'woke', text(now)) end
-- The time with one lease is no time without grants: a short window would pass in it.
local last = math.max(was or 0, alone <= now and alone or 0)
local is_waking = last < now - math.max(window, pause)
if is_waking and (now - born < wake_time or redis.call('ZCARD', members) > 1) then
  redis.call('HSET', line, 'alone', text(now + wake_time))
end
local taken = text(begin) .. ' ' .. text(interval) .. ' ' .. text(granted) .. ' ' .. text(head)
return {granted, begin - now, interval, begin + interval * granted - now + rest, 0, sharing, 0, taken}
)lua";

std::string digest_of_script()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(script.data(), script.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
        throw std::runtime_error("OpenSSL could not compute SHA-1");
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i != size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

// Upwards: a pace may only become slower.
std::string microseconds(std::chrono::nanoseconds time)
{
    return std::to_string(std::chrono::ceil<std::chrono::microseconds>(time).count());
}

} // namespace

command lease_arguments(const std::string& prefix, const std::string& member, const lease_request& request,
                        const std::string& mark)
{
    // All keys of an instance are in one slot of a cluster.
    const auto instance = terms::instance_of(request.bucket);
    const auto slot = prefix + '{' + std::string(instance) + '}';
    const auto bucket = slot + request.bucket.substr(instance.size());
    const bool is_long = request.window >= terms::long_window;
    return {"4",
            bucket + ":line",
            bucket + ":parts",
            slot + ":members",
            slot + ":born",
            member,
            mark,
            std::to_string(request.wanted),
            std::to_string(request.returned),
            std::to_string(request.requests),
            microseconds(request.interval),
            std::to_string(std::max<std::uint32_t>(request.burst, 1)),
            request.rejoins ? "1" : "0",
            microseconds(terms::member_time),
            microseconds(terms::rejoin_time),
            microseconds(terms::lease_rest),
            microseconds(terms::least_horizon),
            microseconds(terms::most_horizon),
            microseconds(terms::unpaced_time(request.window)),
            microseconds(terms::unpaced_hold(request.window)),
            std::to_string(terms::most_holes),
            microseconds(terms::line_pause),
            microseconds(terms::wake_time),
            microseconds(terms::others_kept),
            microseconds(std::max<std::chrono::nanoseconds>(terms::birth_kept, 2 * request.window)),
            microseconds(request.window),
            microseconds(is_long ? request.window : std::chrono::nanoseconds(0))};
}

void forget_returned(command& arguments)
{
    constexpr std::size_t mark = 6, returned = 8; // after the keys, their number and the member
    arguments[mark].clear();
    arguments[returned] = "0";
}

command lease_command(const command& arguments, bool with_text)
{
    static const auto digest = digest_of_script();
    command whole{with_text ? "EVAL" : "EVALSHA", with_text ? std::string(script) : digest};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

std::optional<lease_answer> read_lease_answer(const reply& from)
{
    if (from.is_error || from.items.size() != 8)
        return std::nullopt;
    const auto number = [&from](std::size_t i) { return from.items[i].number; };
    const auto count = [&](std::size_t i) {
        return static_cast<std::uint32_t>(
            std::clamp<long long>(number(i), 0, std::numeric_limits<std::uint32_t>::max()));
    };
    // What the server says is not trusted to fit: sums with these times have to.
    const auto time = [&number](std::size_t i) {
        constexpr long long most = std::chrono::microseconds(std::chrono::hours(24 * 366)).count();
        return std::chrono::microseconds(std::clamp(number(i), -most, most));
    };
    lease_answer answer;
    answer.grant.granted = count(0);
    answer.grant.starts_in = time(1);
    answer.grant.interval = time(2);
    answer.grant.valid_for = time(3);
    answer.grant.ask_again = time(4);
    answer.grant.members = count(5);
    answer.grant.left = count(6);
    answer.mark = from.items[7].text;
    return answer;
}

} // namespace usher::redis
