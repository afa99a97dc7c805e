#include "shared/billing/token_estimate.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace delta {

namespace {

/// What the first byte of a character says about it.
enum class Kind : quint8 {
    None, ///< Nothing came yet.
    Lower,
    Upper,
    Accented, ///< Latin letters beyond ASCII: two bytes.
    Digit,
    Blank,
    Break,        ///< White space other than a blank.
    Sign,         ///< Punctuation and symbols of ASCII and Latin-1.
    Letter,       ///< Greek, Cyrillic, Hebrew, Arabic: two bytes.
    Ideograph,    ///< Chinese, Japanese, Korean.
    Syllable,     ///< The scripts of South and South-East Asia.
    Symbol,       ///< Dashes, curly quotes, arrows.
    Pictograph,   ///< Emoji and other characters of four bytes.
    Continuation, ///< Not a first byte: the second to fourth of a character.
};
constexpr std::size_t kindCount = 14;

constexpr auto kindOfByte = [] {
    std::array<Kind, 256> kinds{};
    const auto fill = [&kinds](std::size_t first, std::size_t last, Kind kind) {
        for (std::size_t i = first; i <= last; ++i) {
            kinds[i] = kind;
        }
    };
    fill(0x00, 0x7f, Kind::Sign);
    fill('\t', '\r', Kind::Break);
    fill(' ', ' ', Kind::Blank);
    fill('0', '9', Kind::Digit);
    fill('A', 'Z', Kind::Upper);
    fill('a', 'z', Kind::Lower);
    fill(0x80, 0xbf, Kind::Continuation);
    fill(0xc0, 0xc2, Kind::Sign);
    fill(0xc3, 0xc9, Kind::Accented);
    fill(0xca, 0xdf, Kind::Letter);
    fill(0xe0, 0xe1, Kind::Syllable);
    fill(0xe2, 0xe2, Kind::Symbol);
    fill(0xe3, 0xef, Kind::Ideograph);
    fill(0xf0, 0xff, Kind::Pictograph);
    return kinds;
}();

// Weights in sixteenths of a token.
constexpr int unitsPerToken = 16;
constexpr int wordAfterSpace = 15; ///< The blank before it belongs to its token.
constexpr int wordAfterSign = 8;   ///< "(name" and ".name" are one token as often as two.
constexpr int wordElsewhere = 16;
constexpr int furtherLetter = 5;
constexpr int capitalInRun = 1;
constexpr int accent = 24;
constexpr int digitGroup = 24; ///< More than a token: the sign or space beside it rarely joins it.
constexpr int spaceRun = 17;   ///< A single blank is part of the word after it.
constexpr int furtherSpace = 1;
constexpr int signRun = 16;
constexpr int furtherSign = 4;
constexpr int letter = 7;
constexpr int ideograph = 14;
constexpr int syllable = 12;
constexpr int symbol = 20;
constexpr int pictograph = 32;

// How many characters of a run are free after its first.
constexpr int freeLetters = 6;
constexpr int freeSpaces = 16;
constexpr int freeSigns = 4;
constexpr int digitsPerGroup = 3;

/// All that is remembered of the text before: the last character's kind, and its place in its run,
/// counted only as far as it matters.
struct State {
    Kind kind = Kind::None;
    int place = 0;
    bool isPaid = false; ///< Whether the run of white space has been weighed.

    bool operator==(const State &) const = default;
};

constexpr bool isWord(Kind kind)
{
    return kind == Kind::Lower || kind == Kind::Upper || kind == Kind::Accented;
}

constexpr bool isSpace(Kind kind)
{
    return kind == Kind::Blank || kind == Kind::Break;
}

/// Says whether a character goes on with the run of the one before: "camelCase" is two words,
/// "HTTP" one.
constexpr bool goesOn(Kind before, Kind kind)
{
    if (isWord(kind)) {
        return isWord(before) && (kind != Kind::Upper || before == Kind::Upper);
    }
    return isSpace(kind) ? isSpace(before) : before == kind;
}

constexpr int lastPlace(Kind kind)
{
    if (isWord(kind)) {
        return freeLetters + 1;
    }
    if (isSpace(kind)) {
        return freeSpaces + 1;
    }
    return kind == Kind::Sign ? freeSigns + 1 : 1;
}

constexpr State follow(const State &before, Kind kind)
{
    if (kind == Kind::Continuation) {
        return before;
    }
    State state{.kind = kind, .place = 1};
    if (goesOn(before.kind, kind)) {
        state.place = kind == Kind::Digit ? before.place % digitsPerGroup + 1
                                          : std::min(before.place + 1, lastPlace(kind));
        state.isPaid = before.isPaid;
    }
    state.isPaid = state.isPaid || kind == Kind::Break || (kind == Kind::Blank && state.place > 1);
    return state;
}

constexpr int weighWord(const State &before, const State &now)
{
    const int extra = now.kind == Kind::Accented ? accent : 0;
    if (now.place > 1) {
        return extra + (now.kind == Kind::Upper ? capitalInRun : 0)
            + (now.place > freeLetters ? furtherLetter : 0);
    }
    if (before.kind == Kind::None || isSpace(before.kind)) {
        return extra + wordAfterSpace;
    }
    return extra + (before.kind == Kind::Sign ? wordAfterSign : wordElsewhere);
}

constexpr int weighSpace(const State &before, const State &now)
{
    const bool wasPaid = now.place > 1 && before.isPaid;
    if (now.isPaid && !wasPaid) {
        return spaceRun;
    }
    return now.place > freeSpaces ? furtherSpace : 0;
}

/// Returns what the character that leads from one state to the next adds.
constexpr int weigh(const State &before, const State &now)
{
    switch (now.kind) {
    case Kind::Lower:
    case Kind::Upper:
    case Kind::Accented:
        return weighWord(before, now);
    case Kind::Digit:
        return now.place == 1 ? digitGroup : 0;
    case Kind::Blank:
    case Kind::Break:
        return weighSpace(before, now);
    case Kind::Sign:
        return now.place == 1 ? signRun : now.place > freeSigns ? furtherSign : 0;
    case Kind::Letter:
        return letter;
    case Kind::Ideograph:
        return ideograph;
    case Kind::Syllable:
        return syllable;
    case Kind::Symbol:
        return symbol;
    case Kind::Pictograph:
        return pictograph;
    case Kind::None:
    case Kind::Continuation:
        break;
    }
    return 0;
}

/// What one character does: where it leads, and what it weighs.
struct Step {
    quint8 next = 0;
    quint8 weight = 0;
};

/// The rules above, worked out for each state that can be reached and each kind of character,
/// so that counting is two look-ups a byte. State 0 is the beginning.
constexpr auto steps = [] {
    constexpr std::size_t capacity = 96;
    std::array<State, capacity> states{};
    std::array<std::array<Step, kindCount>, capacity> table{};
    std::size_t known = 1;
    for (std::size_t from = 0; from < known; ++from) {
        for (std::size_t kind = 1; kind < kindCount; ++kind) {
            const State now = follow(states[from], Kind(kind));
            std::size_t next = 0;
            while (next < known && states[next] != now) {
                ++next;
            }
            if (next == known) {
                states[known++] = now;
            }
            const int weight = Kind(kind) == Kind::Continuation ? 0 : weigh(states[from], now);
            table[from][kind] = {static_cast<quint8>(next), static_cast<quint8>(weight)};
        }
    }
    return table;
}();

} // namespace

void TokenCounter::feed(QByteArrayView utf8)
{
    qint64 sixteenths = m_sixteenths;
    quint8 state = m_state;
    for (const char character : utf8) {
        const Kind kind = kindOfByte[static_cast<quint8>(character)];
        const Step step = steps[state][static_cast<std::size_t>(kind)];
        sixteenths += step.weight;
        state = step.next;
    }
    m_sixteenths = sixteenths;
    m_state = state;
}

qint64 TokenCounter::tokens() const
{
    return (m_sixteenths + unitsPerToken - 1) / unitsPerToken;
}

qint64 estimateTokens(QByteArrayView utf8)
{
    TokenCounter counter;
    counter.feed(utf8);
    return counter.tokens();
}

} // namespace delta
