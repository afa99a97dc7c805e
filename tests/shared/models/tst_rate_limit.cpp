#include "shared/json/json_codec.h"
#include "shared/models/rate_limit.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

RateLimit limitOf(RateSubject subject)
{
    RateLimit limit;
    limit.subject = std::move(subject);
    limit.limits.requestsPerMinute = 60;
    return limit;
}

} // namespace

class RateLimitTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheNamesThatClientsKnow()
    {
        RateLimit limit = limitOf({RateScope::TeamMember, u"sales"_s, u"ann"_s, u"m"_s});
        limit.limits.tokensPerDay = 0;
        QCOMPARE(QJsonDocument(toJson(limit)).toJson(QJsonDocument::Compact),
                 R"({"max_parallel_requests":null,"member_id":"ann","model":"m","rpd_limit":null,)"
                 R"("rph_limit":null,"rpm_limit":60,"scope":"team_member","scope_id":"sales",)"
                 R"("tpd_limit":0,"tph_limit":null,"tpm_limit":null})");
        const Result<RateLimit> back = fromJson<RateLimit>(toJson(limit));
        QVERIFY(back);
        QVERIFY(*back == limit);
    }

    void takesWhatNamesItsCalls_data()
    {
        QTest::addColumn<RateScope>("scope");
        QTest::addColumn<QStringList>("names"); // scope_id, member_id, model
        QTest::addColumn<QString>("param");     // Of the field that is wrong; empty: none is.
        const auto add = [](const char *name, RateScope scope, const QStringList &names,
                            const QString &param = {}) {
            QTest::newRow(name) << scope << names << param;
        };
        add("gateway", RateScope::Gateway, {u""_s, u""_s, u""_s});
        add("organization", RateScope::Organization, {u"acme"_s, u""_s, u""_s});
        add("team with a model", RateScope::Team, {u"sales"_s, u""_s, u"m"_s});
        add("member", RateScope::TeamMember, {u"sales"_s, u"ann"_s, u"m"_s});
        add("key with a model", RateScope::Key, {u"k"_s, u""_s, u"m"_s});
        add("end user", RateScope::EndUser, {u"c"_s, u""_s, u""_s});
        add("model", RateScope::Model, {u"m"_s, u""_s, u""_s});
        add("gateway with an id", RateScope::Gateway, {u"x"_s, u""_s, u""_s}, u"scope_id"_s);
        add("gateway with a model", RateScope::Gateway, {u""_s, u""_s, u"m"_s}, u"model"_s);
        add("model with a model", RateScope::Model, {u"m"_s, u""_s, u"m"_s}, u"model"_s);
        add("nobody's team", RateScope::Team, {u""_s, u""_s, u""_s}, u"scope_id"_s);
        add("team with a member", RateScope::Team, {u"s"_s, u"ann"_s, u""_s}, u"member_id"_s);
        add("member without a name", RateScope::TeamMember, {u"s"_s, u""_s, u""_s}, u"member_id"_s);
    }
    void takesWhatNamesItsCalls()
    {
        QFETCH(const RateScope, scope);
        QFETCH(const QStringList, names);
        QFETCH(const QString, param);
        const Result<void> valid = limitOf({scope, names[0], names[1], names[2]}).validate();
        QCOMPARE(valid.has_value(), param.isEmpty());
        QCOMPARE(valid ? QString() : valid.error().param, param);
    }

    void needsALimit()
    {
        RateLimit limit = limitOf({RateScope::User, u"ann"_s, {}, {}});
        limit.limits = {};
        QCOMPARE(limit.validate().error().param, u"rpm_limit"_s);
        limit.limits.parallelRequests = 0;
        QVERIFY(limit.validate());
        limit.limits.parallelRequests = -1;
        QCOMPARE(limit.validate().error().param, u"max_parallel_requests"_s);
    }
};

} // namespace delta

QTEST_APPLESS_MAIN(delta::RateLimitTest)
#include "tst_rate_limit.moc"
