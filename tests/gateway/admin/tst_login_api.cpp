// labels: db hostile
// links: gateway/identity gateway/store gateway/auth
// services: postgres
// dialects: both
#include "tests/gateway/admin/login_rig.h"

#include <QJsonArray>
#include <QTest>

#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::admin;
using namespace delta::admin::test;
using delta::test::ReplyRecord;

namespace {

const QByteArray password = "correct horse battery";
const QByteArray another = "staple of the day 7";

QJsonObject bodyOf(const ReplyRecord &reply)
{
    return QJsonDocument::fromJson(reply.body).object();
}

QString codeOf(const ReplyRecord &reply)
{
    return bodyOf(reply).value("code"_L1).toString();
}

QByteArray fieldOf(const ReplyRecord &reply, const QByteArray &wanted)
{
    for (const auto &[name, value] : reply.fields) {
        if (name == wanted) {
            return value;
        }
    }
    return {};
}

const Question me{"GET", "/ui/api/auth/me"};
const Question users{"GET", "/ui/api/users"};

Question teamLike(const QString &name)
{
    return {"POST", "/ui/api/organizations", {{u"name"_s, name}}};
}

} // namespace

class LoginApiTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<LoginRig> m_rig;

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<LoginRig>();
        m_rig->addUser(u"ada"_s, password, PlatformRole::Admin);
    }
    void cleanup()
    {
        m_rig.reset();
    }

    void letsSomebodyInWithACookie()
    {
        Browser browser;
        const ReplyRecord reply = m_rig->ask(browser, LoginRig::loginOf(u"ada"_s, password));
        QCOMPARE(reply.status, 200);
        const QByteArray cookie = fieldOf(reply, "set-cookie");
        QVERIFY(cookie.startsWith("__Host-deltallm_session="));
        QVERIFY(cookie.endsWith("; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict"));
        QCOMPARE(fieldOf(reply, "cache-control"), "no-store"_ba);
        QVERIFY(!reply.body.contains(cookie.mid(24, 43))); // No script may read it.
        browser.take(reply);
        QCOMPARE(m_rig->ask(browser, users).status, 200);
        const ReplyRecord own = m_rig->ask(browser, me);
        QCOMPARE(bodyOf(own).value("user"_L1)["user_id"_L1].toString(), u"ada"_s);
        QCOMPARE(bodyOf(own).value("csrf_token"_L1).toString().toLatin1(), browser.csrf);
        QCOMPARE(m_rig->ask(Browser(), me).status, 401);
    }

    void tellsNobodyWhatWasWrong()
    {
        const ReplyRecord wrong = m_rig->ask({}, LoginRig::loginOf(u"ada"_s, another));
        const ReplyRecord unknown = m_rig->ask({}, LoginRig::loginOf(u"eve"_s, another));
        QCOMPARE(wrong.status, 401);
        QCOMPARE(unknown.body, wrong.body);
        QVERIFY(fieldOf(wrong, "set-cookie").isEmpty());
        Question odd = LoginRig::loginOf(u"ada"_s, password);
        odd.body["role"_L1] = u"platform_admin"_s;
        QCOMPARE(m_rig->ask({}, odd).status, 400);
        QCOMPARE(m_rig->ask({}, {"POST", "/ui/api/auth/login"}).status, 400);
    }

    void takesNoLoginFromAnotherSite()
    {
        Browser evil{.origin = "https://evil.example"};
        QCOMPARE(m_rig->ask(evil, LoginRig::loginOf(u"ada"_s, password)).status, 403);
        evil.origin.clear();
        QCOMPARE(m_rig->ask(evil, LoginRig::loginOf(u"ada"_s, password)).status, 403);
        Browser form{.type = "text/plain"};
        QCOMPARE(m_rig->ask(form, LoginRig::loginOf(u"ada"_s, password)).status, 400);
    }

    void takesNoChangeFromAnotherSite()
    {
        const Browser good = m_rig->browserOf(u"ada"_s, password);
        QCOMPARE(m_rig->ask(good, teamLike(u"a"_s)).status, 201);
        Browser evil = good;
        evil.origin = "https://evil.example";
        QCOMPARE(m_rig->ask(evil, teamLike(u"b"_s)).status, 403);
        evil.origin.clear();
        QCOMPARE(m_rig->ask(evil, teamLike(u"b"_s)).status, 403);
        Browser blind = good; // Sends the cookie, and could not read what came with it.
        blind.csrf.clear();
        QCOMPARE(codeOf(m_rig->ask(blind, teamLike(u"b"_s))), u"csrf_token_invalid"_s);
        Browser form = good;
        form.type = "text/plain";
        QCOMPARE(m_rig->ask(form, teamLike(u"b"_s)).status, 400);
        Browser planted = good; // A neighbour set a second cookie.
        planted.cookie += "; " + good.cookie;
        QCOMPARE(m_rig->ask(planted, users).status, 401);
    }

    void givesNobodyASessionThatWasThereBefore()
    {
        const Browser thief = m_rig->browserOf(u"ada"_s, password);
        Browser victim{.cookie = thief.cookie};
        victim.take(m_rig->ask(victim, LoginRig::loginOf(u"ada"_s, password)));
        QVERIFY(victim.cookie != thief.cookie);
        Browser stale{.cookie = "__Host-deltallm_session=" + QByteArray(43, 'a')};
        QCOMPARE(m_rig->ask(stale, users).status, 401);
        QCOMPARE(m_rig->ask(stale, LoginRig::loginOf(u"ada"_s, password)).status, 200);
    }

    void endsASessionOnTheServer()
    {
        const Browser browser = m_rig->browserOf(u"ada"_s, password);
        const ReplyRecord out = m_rig->ask(browser, {"POST", "/ui/api/auth/logout"});
        QCOMPARE(out.status, 204);
        QVERIFY(fieldOf(out, "set-cookie").contains("Max-Age=0"));
        QCOMPARE(m_rig->ask(browser, me).status, 401);
    }

    void givesAnotherCookieWithAnotherPassword()
    {
        const Browser stolen = m_rig->browserOf(u"ada"_s, password);
        Browser own = m_rig->browserOf(u"ada"_s, password);
        const Browser before = own;
        const ReplyRecord changed = m_rig->ask(
            own,
            {"POST",
             "/ui/api/auth/password",
             {{u"current_password"_s, QString::fromLatin1(password)},
              {u"new_password"_s, QString::fromLatin1(another)}}});
        QCOMPARE(changed.status, 200);
        own.take(changed);
        QCOMPARE(m_rig->ask(own, me).status, 200);
        QCOMPARE(m_rig->ask(before, me).status, 401);
        QCOMPARE(m_rig->ask(stolen, me).status, 401);
    }

    void isOverForWhoIsBlockedOrHasAnotherRole()
    {
        const Browser master{.authorization = "Bearer " + LoginRig::masterKey};
        m_rig->addUser(u"bob"_s, password, PlatformRole::Viewer);
        const Browser browser = m_rig->browserOf(u"bob"_s, password);
        QCOMPARE(m_rig->ask(browser, me).status, 200);
        QCOMPARE(m_rig
                     ->ask(master,
                           {"PATCH",
                            "/ui/api/users/{user_id}",
                            {{u"role"_s, u"platform_admin"_s}},
                            {"bob"}})
                     .status,
                 200);
        QCOMPARE(m_rig->ask(browser, me).status, 401);
        const Browser next = m_rig->browserOf(u"bob"_s, password);
        QCOMPARE(m_rig->ask(next, me).status, 200);
        QCOMPARE(
            m_rig
                ->ask(
                    master,
                    {"POST", "/ui/api/users/{user_id}/block", {{u"reason"_s, u"gone"_s}}, {"bob"}})
                .status,
            200);
        QCOMPARE(m_rig->ask(next, me).status, 401);
        QCOMPARE(m_rig->ask({}, LoginRig::loginOf(u"bob"_s, password)).status, 401);
    }

    void asksAgainWhoSomebodyIsBeforeWhatIsDangerous()
    {
        m_rig->addUser(u"bob"_s, password, PlatformRole::None);
        const Browser browser = m_rig->browserOf(u"ada"_s, password);
        const Question reset{"POST", "/ui/api/users/{user_id}/reset-password", {}, {"bob"}};
        m_rig->clock.now += 11min;
        QCOMPARE(codeOf(m_rig->ask(browser, reset)), u"step_up_required"_s);
        const auto proof = [](const QByteArray &given) {
            return Question{
                "POST", "/ui/api/auth/step-up", {{u"password"_s, QString::fromLatin1(given)}}};
        };
        QCOMPARE(m_rig->ask(browser, proof(another)).status, 401);
        QCOMPARE(codeOf(m_rig->ask(browser, reset)), u"step_up_required"_s);
        QCOMPARE(m_rig->ask(browser, proof(password)).status, 204);
        const ReplyRecord made = m_rig->ask(browser, reset);
        QCOMPARE(made.status, 201);
        const QString token = bodyOf(made).value("token"_L1).toString();
        QCOMPARE(m_rig
                     ->ask({},
                           {"POST",
                            "/ui/api/auth/reset/accept",
                            {{u"token"_s, token}, {u"password"_s, QString::fromLatin1(another)}}})
                     .status,
                 204);
        QCOMPARE(m_rig->ask({}, LoginRig::loginOf(u"bob"_s, another)).status, 200);
    }

    void letsOnlyWhoManagesUsersLetOthersIn()
    {
        m_rig->addUser(u"bob"_s, password, PlatformRole::Viewer);
        const Browser viewer = m_rig->browserOf(u"bob"_s, password);
        for (const QByteArray &verb :
             {"invite"_ba, "reset-password"_ba, "remove-mfa"_ba, "end-sessions"_ba}) {
            const Question question{"POST", "/ui/api/users/{user_id}/" + verb, {}, {"ada"}};
            QCOMPARE(m_rig->ask(viewer, question).status, 403);
            QCOMPARE(m_rig->ask({}, question).status, 401);
        }
    }

    void letsNothingElseThroughBeforeThePasswordIsChanged()
    {
        QVERIFY(m_rig->store.logins().value()->logins.putPassword(
            {u"ada"_s,
             auth::hashPassword(Secret(password), m_rig->random, {64, 1, 1}).value(),
             true,
             {}}));
        Browser browser = m_rig->browserOf(u"ada"_s, password);
        QCOMPARE(codeOf(m_rig->ask(browser, users)), u"password_change_required"_s);
        browser.take(m_rig->ask(browser,
                                {"POST",
                                 "/ui/api/auth/password",
                                 {{u"current_password"_s, QString::fromLatin1(password)},
                                  {u"new_password"_s, QString::fromLatin1(another)}}}));
        QCOMPARE(m_rig->ask(browser, users).status, 200);
    }

    void listsAndEndsOnesOwnSessions()
    {
        m_rig->addUser(u"bob"_s, password, PlatformRole::Admin);
        const Browser first = m_rig->browserOf(u"ada"_s, password);
        const Browser second = m_rig->browserOf(u"ada"_s, password);
        const Browser other = m_rig->browserOf(u"bob"_s, password);
        const Question list{"GET", "/ui/api/auth/sessions"};
        QCOMPARE(bodyOf(m_rig->ask(first, list)).value("items"_L1).toArray().size(), 2);
        const QByteArray id =
            bodyOf(m_rig->ask(second, me)).value("session_id"_L1).toString().toLatin1();
        const Question end{"DELETE", "/ui/api/auth/sessions/{session_id}", {}, {id}};
        QCOMPARE(m_rig->ask(other, end).status, 404);
        QCOMPARE(m_rig->ask(first, end).status, 204);
        QCOMPARE(m_rig->ask(second, me).status, 401);
        QCOMPARE(m_rig->ask(first, me).status, 200);
    }

    void slowsDownWhoGuesses()
    {
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(m_rig->ask({}, LoginRig::loginOf(u"eve"_s, another)).status, 401);
        }
        const ReplyRecord refused = m_rig->ask({}, LoginRig::loginOf(u"eve"_s, another));
        QCOMPARE(refused.status, 429);
        QCOMPARE(fieldOf(refused, "retry-after"), "1"_ba);
    }
};

QTEST_GUILESS_MAIN(LoginApiTest)
#include "tst_login_api.moc"
