#include "gateway/config/hook_keys.h"

#include "gateway/config/nearest_value.h"
#include "gateway/net/mail_server.h"

#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::config {

void readHookUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    const QUrl url(*text, QUrl::StrictMode);
    const bool isPlain = std::ranges::all_of(*text, [](QChar c) { return c > u' ' && c <= u'~'; });
    const bool isSafe = url.scheme() == "https"_L1
        || (url.scheme() == "http"_L1 && net::isThisMachine(url.host().toLatin1()));
    if (!isPlain || !url.isValid() || url.host().isEmpty() || !isSafe || !url.userInfo().isEmpty()
        || url.hasFragment()) {
        value.fail(u"must be an https URL such as https://auth.example.com/check, or http of this "
                   "machine, without a user or password"_s);
        return;
    }
    draft.config.authHook.url = text->toLatin1();
}

void checkHook(const Value &root, const auth::HookSettings &hook)
{
    const bool isMeant = !hook.key.isEmpty() || !hook.caFile.isEmpty();
    if (isMeant && !hook.isEnabled()) {
        const QString name = hook.key.isEmpty() ? u"custom_auth_ca_file"_s : u"custom_auth_key"_s;
        nearestValue(root, {u"general_settings"_s, name}).fail(u"needs custom_auth_url as well"_s);
    }
    const QByteArray &key = hook.key.reveal();
    if (!std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; })) {
        nearestValue(root, {u"general_settings"_s, u"custom_auth_key"_s})
            .fail(u"must be printable ASCII without blanks"_s);
    }
}

} // namespace delta::config
