#include "gateway/identity/cookies.h"

namespace delta::identity {

namespace {

/// Counts the cookies of that name in a field, and keeps the value of the last.
int readField(QByteArrayView field, QByteArrayView name, QByteArrayView &value)
{
    int found = 0;
    while (!field.isEmpty()) {
        const qsizetype end = field.indexOf(';');
        const QByteArrayView pair = (end < 0 ? field : field.first(end)).trimmed();
        field = end < 0 ? QByteArrayView() : field.sliced(end + 1);
        const qsizetype equals = pair.indexOf('=');
        if (equals >= 0 && pair.first(equals).trimmed() == name) {
            value = pair.sliced(equals + 1).trimmed();
            ++found;
        }
    }
    return found;
}

} // namespace

std::optional<QByteArray> cookieOf(const ports::HttpRequest &request, QByteArrayView name)
{
    QByteArrayView value;
    int found = 0;
    for (const auto &[field, text] : request.fields) {
        if (field.compare("cookie", Qt::CaseInsensitive) == 0) {
            found += readField(text, name, value);
        }
    }
    return found == 1 ? std::optional(value.toByteArray()) : std::nullopt;
}

} // namespace delta::identity
