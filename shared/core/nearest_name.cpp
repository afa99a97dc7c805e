#include "shared/core/nearest_name.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace delta {

namespace {

constexpr qsizetype longestWord = 64;

/// Counts the insertions, deletions and replacements that turn one text into the other
/// (Levenshtein).
qsizetype distance(QStringView a, QStringView b)
{
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), qsizetype(0));
    for (const QChar left : a) {
        qsizetype diagonal = row[0]++;
        for (std::size_t i = 1; i < row.size(); ++i) {
            const bool isSame = left.toLower() == b[static_cast<qsizetype>(i) - 1].toLower();
            const qsizetype replaced = diagonal + (isSame ? 0 : 1);
            diagonal = row[i];
            row[i] = std::min({replaced, row[i] + 1, row[i - 1] + 1});
        }
    }
    return row.back();
}

/// Says whether two neighbouring letters changed places, and nothing else.
bool isSwapped(QStringView a, QStringView b)
{
    const auto [left, right] = std::ranges::mismatch(a, b);
    const qsizetype at = left - a.begin();
    return a.size() == b.size() && a.size() - at >= 2 && a[at] == b[at + 1] && a[at + 1] == b[at]
        && a.sliced(at + 2) == b.sliced(at + 2);
}

} // namespace

QString nearestName(QStringView word, const QStringList &known)
{
    // Nobody means a name by a word this long, and the work grows with its length.
    if (word.isEmpty() || word.size() > longestWord) {
        return {};
    }
    QString nearest;
    qsizetype least = std::max<qsizetype>(2, word.size() / 3) + 1;
    for (const QString &name : known) {
        const qsizetype edits = distance(word, name);
        // A name of three letters is two edits away from everything of its length.
        if (edits < least && edits < name.size()) {
            least = edits;
            nearest = name;
        }
    }
    return nearest;
}

bool isSlipOf(QStringView name, QStringView word)
{
    constexpr qsizetype shortestWord = 5;
    return word.size() >= shortestWord && qAbs(word.size() - name.size()) <= 1
        && (isSwapped(name, word) || distance(name, word) <= 1);
}

} // namespace delta
