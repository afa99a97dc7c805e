#include "gateway/net/http_syntax.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace delta::net {

namespace {

/// Answers for every byte whether it belongs to a set.
using ByteSet = std::array<bool, 256>;

consteval ByteSet tokenBytes()
{
    ByteSet set{};
    for (const char letter : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                              "abcdefghijklmnopqrstuvwxyz"
                                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ")) {
        set[static_cast<unsigned char>(letter)] = true;
    }
    return set;
}

consteval ByteSet bytesFrom(char first)
{
    ByteSet set{};
    std::fill(set.begin() + first, set.end(), true);
    set[0x7f] = false;
    return set;
}

consteval ByteSet valueBytes()
{
    ByteSet set = bytesFrom(' ');
    set['\t'] = true;
    return set;
}

consteval ByteSet visibleBytes()
{
    ByteSet set = bytesFrom('!');
    std::fill(set.begin() + 0x80, set.end(), false);
    return set;
}

constexpr ByteSet inToken = tokenBytes();
constexpr ByteSet inValue = valueBytes();
constexpr ByteSet inVisible = visibleBytes();

bool consistsOf(const ByteSet &set, QByteArrayView text)
{
    return std::ranges::all_of(text,
                               [&set](char byte) { return set[static_cast<unsigned char>(byte)]; });
}

} // namespace

bool hasOnlyTokenBytes(QByteArrayView text)
{
    return consistsOf(inToken, text);
}

bool hasOnlyValueBytes(QByteArrayView text)
{
    return consistsOf(inValue, text);
}

bool hasOnlyVisibleBytes(QByteArrayView text)
{
    return consistsOf(inVisible, text);
}

} // namespace delta::net
