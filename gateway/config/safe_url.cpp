#include "gateway/config/safe_url.h"

#include "gateway/net/mail_server.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace delta::config {

bool isSafeUrl(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isSafe = url.scheme() == "https"_L1
        || (url.scheme() == "http"_L1 && net::isThisMachine(url.host().toLatin1()));
    return url.isValid() && !url.host().isEmpty() && isSafe && url.userInfo().isEmpty()
        && !url.hasFragment();
}

void readSafeUrl(const Value &value, QLatin1StringView example, QString &target)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    if (!isSafeUrl(*text)) {
        value.fail(
            u"must be an https URL such as %1, without a user or password"_s.arg(QString(example)));
        return;
    }
    target = *text;
}

} // namespace delta::config
