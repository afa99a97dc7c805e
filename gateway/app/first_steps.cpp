#include "gateway/app/first_steps.h"

#include "gateway/app/version.h"

#include <algorithm>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

QString secretLine(const QString &name, const Secret &secret, const QString &what)
{
    return secret.isEmpty()
        ? QString()
        : u"  %1  %2   %3\n"_s.arg(name, -14).arg(QString::fromLatin1(secret.reveal()), what);
}

QString secretLines(const FirstSecrets &secrets)
{
    return u"\nThese secrets are shown this once. Keep them:\n"_s
        + secretLine(u"master key"_s, secrets.masterKey, u"administers everything"_s)
        + secretLine(u"admin password"_s, secrets.adminPassword, u"of the account \"admin\""_s)
        + secretLine(u"virtual key"_s, secrets.virtualKey, u"may call every model"_s);
}

/// The model to try: the built-in one, which needs nothing, or the first there is.
QString modelToTry(const std::vector<QByteArray> &models)
{
    const bool hasDemo = std::ranges::find(models, "demo") != models.end();
    return hasDemo || models.empty() ? u"demo"_s : QString::fromUtf8(models.front());
}

} // namespace

QString FirstSteps::toText() const
{
    const QString base = u"%1://127.0.0.1:%2"_s.arg(scheme).arg(port);
    const bool hasKey = secrets && !secrets->virtualKey.isEmpty();
    const QString key = hasKey ? QString::fromLatin1(secrets->virtualKey.reveal())
                               : u"$DELTALLM_KEY"_s;
    QString text = u"DeltaLLM %1 listens on %2\n"_s.arg(QString::fromLatin1(versionText), base);
    if (secrets) {
        text += secretLines(*secrets);
    }
    text += u"\nTry it%1:\n"_s.arg(hasKey ? QString()
                                          : u" (with a key from `deltallm-gateway keys create`)"_s);
    text += u"  curl %1/v1/chat/completions \\\n"_s.arg(base);
    text += u"    -H \"Authorization: Bearer %1\" -H \"Content-Type: application/json\" \\\n"_s.arg(
        key);
    text +=
        u"    -d '{\"model\":\"%1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, gateway!\"}]}'\n"_s
            .arg(modelToTry(models));
    return text;
}

} // namespace delta::app
