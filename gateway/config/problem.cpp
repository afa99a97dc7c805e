#include "gateway/config/problem.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::config {

QString Problem::toString() const
{
    QStringList parts;
    if (!file.isEmpty()) {
        parts += place.line > 0 ? u"%1:%2:%3"_s.arg(file).arg(place.line).arg(place.column) : file;
    }
    if (!key.isEmpty()) {
        parts += key;
    }
    parts += message;
    return parts.join(u": "_s);
}

bool mayPass(const Problems &problems)
{
    return !problems.empty() && std::ranges::all_of(problems, [](const Problem &problem) {
        return problem.cause == Problem::Cause::Elsewhere;
    });
}

void sortByPlace(Problems &problems)
{
    std::ranges::stable_sort(problems, {}, &Problem::place);
}

} // namespace delta::config
