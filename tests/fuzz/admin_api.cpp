// Requests of an administrator to the whole admin API on a real store: whatever is sent, it answers; it takes only what
// its own description allows, names what is wrong with the rest, and leaves an object as it was that it did not change.
//
// An input is "mMETHOD /path?query", a line end and a body. "{key_id}" in a path is the key that is there. The store is
// made anew from time to time, so that no input sees more than some hundred before it.
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/schema_check.h"
#include "tests/gateway/admin/control_rig.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <cstdlib>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::test::ControlRig;
using delta::admin::test::Got;
using delta::fuzz::Input;
using delta::fuzz::require;
using delta::fuzz::SchemaCheck;

namespace {

constexpr int mostInputs = 300;

/// One of each kind of object.
struct House {
    ControlRig rig;
    QByteArray keyId;
    int inputs = 0;

    House()
    {
        rig.make("/ui/api/organizations", {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"A"_s}});
        rig.make("/ui/api/teams", {{u"team_id"_s, u"research"_s}, {u"name"_s, u"R"_s}});
        rig.make("/ui/api/users", {{u"user_id"_s, u"ada"_s}, {u"email"_s, u"ada@example.com"_s}});
        rig.make("/ui/api/users", {{u"user_id"_s, u"root"_s}, {u"role"_s, u"platform_admin"_s}});
        rig.make("/ui/api/teams/research/members", {{u"user_id"_s, u"ada"_s}});
        rig.make("/ui/api/service-accounts",
                 {{u"service_account_id"_s, u"bot"_s},
                  {u"team_id"_s, u"research"_s},
                  {u"name"_s, u"B"_s}});
        rig.make("/ui/api/credentials",
                 {{u"credential_id"_s, u"openai"_s},
                  {u"name"_s, u"C"_s},
                  {u"provider"_s, u"openai"_s},
                  {u"api_key"_s, u"sk-proj-EXAMPLE-0123456789"_s}});
        rig.make("/ui/api/deployments",
                 {{u"deployment_id"_s, u"gpt"_s},
                  {u"model_name"_s, u"parrot"_s},
                  {u"model"_s, u"echo/parrot"_s},
                  {u"allow_unpriced"_s, true}});
        rig.make("/ui/api/guardrails",
                 {{u"guardrail_id"_s, u"pii"_s},
                  {u"name"_s, u"P"_s},
                  {u"type"_s, u"pii"_s},
                  {u"entities"_s, QJsonArray{u"IBAN_CODE"_s}}});
        rig.make("/ui/api/route-groups",
                 {{u"route_group_id"_s, u"fast"_s},
                  {u"name"_s, u"fast"_s},
                  {u"members"_s, QJsonArray{QJsonObject{{u"deployment_id"_s, u"gpt"_s}}}}});
        keyId = rig.makeKey({{u"team_id"_s, u"research"_s}})["key_id"_L1].toString().toLatin1();
    }
};

std::unique_ptr<House> standing;

House &house()
{
    if (!standing) {
        standing = std::make_unique<House>();
        // Before Qt takes down what databases need, which it made for the first of them.
        std::atexit([] { standing.reset(); });
    } else if (standing->inputs++ >= mostInputs) {
        standing.reset();
        standing = std::make_unique<House>();
    }
    return *standing;
}

const QJsonObject &description()
{
    static const QJsonObject read = house().rig.call("GET", "/ui/api/openapi.json").body;
    return read;
}

/// Returns the described path that a path is one of; empty: none is.
QString patternOf(const QByteArray &path)
{
    const QStringList parts = QString::fromUtf8(path).split(u'/');
    const QStringList patterns = description()["paths"_L1].toObject().keys();
    for (const QString &pattern : patterns) {
        const QStringList wanted = pattern.split(u'/');
        const bool fits = wanted.size() == parts.size()
            && std::ranges::equal(wanted, parts, [](const QString &one, const QString &other) {
                              return one == other || (one.startsWith(u'{') && !other.isEmpty());
                          });
        if (fits) {
            return pattern;
        }
    }
    return {};
}

Got send(ControlRig &rig, const QByteArray &method, const QByteArray &target,
         const QByteArray &body)
{
    return rig.send(method, target, body,
                    {{"authorization", "Bearer " + ControlRig::masterKey.toByteArray()},
                     {"content-type", "application/json"}});
}

void checkAnswer(const Got &got, const QByteArray &method, const QByteArray &target,
                 const QByteArray &body)
{
    const QByteArray shown = method + ' ' + target + '\n' + body + '\n' + got.text;
    require(got.status >= 200 && got.status < 500, "it is answered, and not by a fault of ours",
            shown);
    const QByteArray path = target.split('?').front();
    const QString pattern = path.startsWith("/ui/api/") ? patternOf(path) : QString();
    if (pattern.isEmpty() || got.status == 405) {
        return; // LiteLLM's routes take what its clients send, described or not.
    }
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (got.status >= 400) {
        require(got.body["status"_L1] == got.status && !got.body["detail"_L1].toString().isEmpty(),
                "a problem says what is wrong", shown);
        // Qt reads what is no JSON to us, and a field without a name cannot be named.
        const bool isJson = !got.body["detail"_L1].toString().startsWith(u"The request body"_s);
        const QJsonObject sent = document.object();
        const bool canBeNamed = isJson && !sent.isEmpty() && !sent.contains(u""_s);
        require(got.status != 400 || !canBeNamed || !got.param().isEmpty(),
                "a problem names a field", shown);
    } else if (method == "POST" || method == "PATCH") {
        static const SchemaCheck check(description());
        const QString fault = check.faultOf(QString::fromLatin1(method), pattern,
                                            document.object());
        require(fault.isEmpty(), qPrintable(u"a body fits its schema: "_s + fault), shown);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static int count = 0;
    static QCoreApplication application(count, nullptr);
    fuzz::keepQuiet();
    Input input(data, size);
    if (input.purpose != 'm') {
        return 0;
    }
    ControlRig &rig = house().rig;
    const QByteArray line = input.takeLine();
    const qsizetype space = line.indexOf(' ');
    const QByteArray method = line.first(std::max<qsizetype>(space, 0));
    QByteArray target = line.sliced(space + 1);
    target.replace("{key_id}", standing->keyId);
    // Passwords are computed on threads of their own, and are for the tests of logins.
    if (!target.startsWith('/') || target.startsWith("/ui/api/auth/") || target.contains('\0')) {
        return 0;
    }
    const bool isChange = method == "PATCH";
    const QByteArray before = isChange ? send(rig, "GET", target, {}).text : QByteArray();
    const Got got = send(rig, method, target, input.text);
    checkAnswer(got, method, target, input.text);
    if (isChange && got.status >= 400) {
        require(send(rig, "GET", target, {}).text == before, "nothing is half applied", line);
    }
    return 0;
}
