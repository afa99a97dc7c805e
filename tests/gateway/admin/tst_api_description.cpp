// labels: contract db
// links: gateway/http gateway/providers
#include "gateway/admin/access/access_table.h"
#include "gateway/admin/access/field_table.h"
#include "gateway/store/alert_outbox.h"
#include "gateway/store/list_statement.h"
#include "tests/gateway/admin/control_rig.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin;
using admin::test::ControlRig;
using admin::test::Got;

namespace {

const QStringList methods{u"get"_s, u"post"_s, u"put"_s, u"patch"_s, u"delete"_s};

} // namespace

/// Holds what shared/api/openapi.yaml says against what the gateway does.
class ApiDescriptionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_rig = std::make_unique<ControlRig>();
        m_description = m_rig->send("GET", "/ui/api/openapi.json", {}, {}).body;
        QCOMPARE(m_description.value("openapi"_L1).toString(), u"3.1.0"_s);
        m_rig->make("/ui/api/organizations",
                    {{u"organization_id"_s, u"acme"_s}, {u"name"_s, u"Acme"_s}});
        m_rig->make("/ui/api/users", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/teams", {{u"team_id"_s, u"research"_s}, {u"name"_s, u"Research"_s}});
        m_rig->make("/ui/api/service-accounts",
                    {{u"service_account_id"_s, u"nightly"_s},
                     {u"team_id"_s, u"research"_s},
                     {u"name"_s, u"Nightly"_s}});
        m_keyId = m_rig->makeKey({{u"name"_s, u"checkout"_s}}).value("key_id"_L1).toString();
        m_rig->make("/ui/api/credentials",
                    {{u"credential_id"_s, u"openai-research"_s},
                     {u"name"_s, u"OpenAI"_s},
                     {u"provider"_s, u"openai"_s}});
        m_rig->make("/ui/api/deployments",
                    {{u"deployment_id"_s, u"gpt-4o-eu"_s},
                     {u"model_name"_s, u"gpt-4o"_s},
                     {u"model"_s, u"openai/gpt-4o"_s}});
        m_rig->call("POST", "/organization/new",
                    {{u"organization_id"_s, u"litellm-acme"_s}, {u"organization_alias"_s, u"A"_s}});
        m_rig->call("POST", "/team/new", {{u"team_id"_s, u"litellm-research"_s}});
        m_rig->call("POST", "/user/new", {{u"user_id"_s, u"litellm-dora"_s}});
        m_rig->call("POST", "/key/generate", {{u"key_alias"_s, u"litellm-checkout"_s}});
        m_rig->make("/ui/api/guardrails",
                    {{u"guardrail_id"_s, u"no-cards"_s}, {u"name"_s, u"No cards"_s}});
        m_rig->make(
            "/ui/api/route-groups",
            {{u"route_group_id"_s, u"smart"_s},
             {u"name"_s, u"smart"_s},
             {u"members"_s, QJsonArray{QJsonObject{{u"deployment_id"_s, u"gpt-4o-eu"_s}}}}});
        m_rig->make("/ui/api/end-users", {{u"end_user_id"_s, u"customer-42"_s}});
        m_rig->make("/ui/api/budgets",
                    {{u"budget_id"_s, u"research-monthly"_s},
                     {u"scope"_s, u"team"_s},
                     {u"scope_id"_s, u"research"_s}});
        m_rig->make("/ui/api/alert-rules",
                    {{u"alert_rule_id"_s, u"ar-sales"_s}, {u"name"_s, u"Sales"_s}});
        m_rig->call("POST", "/customer/new", {{u"user_id"_s, u"litellm-customer"_s}});
        QVERIFY(store::AlertOutbox(m_rig->store)
                    .queue({u"alert_1"_s, "{}", m_rig->clock.now, {u"email"_s}}));
        m_rig->post({delta::test::sampleEntry("req_1", Money::fromNanos(1'000))});
        m_rig->make("/ui/api/teams/research/members", {{u"user_id"_s, u"ann"_s}});
        m_rig->make("/ui/api/organizations/acme/members", {{u"user_id"_s, u"ann"_s}});
    }

    void describesEveryRouteAndNoOther()
    {
        QSet<QString> described;
        for (const auto &[path, method] : operations()) {
            described.insert(method.toUpper() + u' ' + path);
        }
        QSet<QString> served;
        for (const AdminRoute &route : m_rig->api.routes()) {
            // SCIM describes itself; tst_scim_users.cpp holds its routes against the table of access.
            if (accessRow(route.method, route.pattern)->entry != Entry::Directory) {
                served.insert(QString::fromLatin1(route.method + ' ' + route.pattern));
            }
        }
        QCOMPARE((described - served).values(), QStringList());
        QCOMPARE((served - described).values(), QStringList());
    }

    void namesEachOperationOnce()
    {
        QSet<QString> names;
        const auto all = operations();
        for (const auto &[path, method] : all) {
            const QJsonObject operation = operationOf(path, method);
            names.insert(operation.value("operationId"_L1).toString());
            QVERIFY2(!operation.value("summary"_L1).toString().isEmpty(), qPrintable(path));
            const Entry entry = accessRow(method.toUpper().toLatin1(), path.toLatin1())->entry;
            const bool isPublic = entry == Entry::Public || entry == Entry::Anybody;
            QVERIFY2(isPublic == operation.contains("security"_L1), qPrintable(path));
        }
        QCOMPARE(names.size(), static_cast<qsizetype>(all.size()));
    }

    void listsTheParametersOfThePath()
    {
        static const QRegularExpression placeholder(u"\\{(\\w+)\\}"_s);
        for (const auto &[path, method] : operations()) {
            QStringList inPath;
            for (auto match = placeholder.globalMatch(path); match.hasNext();) {
                inPath.append(match.next().captured(1));
            }
            QCOMPARE(parameters(operationOf(path, method), "path"_L1), inPath);
        }
    }

    void takesEachParameterOfAListAndNoOther()
    {
        for (const auto &[path, method] : operations()) {
            const QJsonObject operation = operationOf(path, method);
            if (!parameters(operation, "query"_L1).contains(u"cursor"_s)) {
                continue;
            }
            const Got got = m_rig->call("GET", exampleOf(path, operation) + "?no_such_thing=1");
            QCOMPARE(got.status, 400);
            QString known = got.body.value("detail"_L1).toString();
            known = known.sliced(known.indexOf(u"It takes: "_s) + 10).chopped(1);
            const QStringList taken = known.split(u", "_s);
            const QStringList described = parameters(operation, "query"_L1);
            QCOMPARE(QSet<QString>(described.begin(), described.end()),
                     QSet<QString>(taken.begin(), taken.end()));
            for (const auto &sort : sortsOf(operation)) {
                QCOMPARE(
                    m_rig
                        ->call("GET",
                               exampleOf(path, operation) + "?sort=" + sort.toString().toLatin1())
                        .status,
                    200);
            }
        }
    }

    void describesEveryFieldThatIsShown()
    {
        for (const auto &[path, method] : operations()) {
            const QJsonObject operation = operationOf(path, method);
            const QString name = schemaOf(operation.value("responses"_L1)["200"_L1]);
            // What a call asked and was answered is for tst_call_contents.cpp: it takes a call that has some.
            if (method != u"get"_s || name.isEmpty() || path.endsWith(u"/content"_s)) {
                continue;
            }
            const QStringList shown = m_rig->call("GET", exampleOf(path, operation)).body.keys();
            QCOMPARE(shown, shownProperties(name));
        }
    }

    void marksAsReadOnlyWhatCannotBeSet()
    {
        for (const AccessRow &row : accessTable()) {
            if (row.object.isEmpty()) {
                continue;
            }
            const QJsonObject operation = operationOf(QString::fromLatin1(row.pattern),
                                                      QString::fromLatin1(row.method).toLower());
            const QString name = schemaOf(operation.value("requestBody"_L1));
            const QJsonObject properties = schema(name).value("properties"_L1).toObject();
            QSet<QString> writable;
            for (auto property = properties.begin(); property != properties.end(); ++property) {
                if (!resolved(property->toObject()).value("readOnly"_L1).toBool()) {
                    writable.insert(property.key());
                }
            }
            const QStringList settable = settableFields(row.object);
            QCOMPARE(writable, QSet<QString>(settable.begin(), settable.end()));
        }
    }

private:
    [[nodiscard]] std::vector<std::pair<QString, QString>> operations() const
    {
        std::vector<std::pair<QString, QString>> found;
        const QJsonObject paths = m_description.value("paths"_L1).toObject();
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            for (const QString &method : methods) {
                if (path->toObject().contains(method)) {
                    found.emplace_back(path.key(), method);
                }
            }
        }
        return found;
    }
    [[nodiscard]] QJsonObject operationOf(const QString &path, const QString &method) const
    {
        return m_description.value("paths"_L1)[path][method].toObject();
    }
    [[nodiscard]] QJsonObject resolved(const QJsonObject &object) const
    {
        QJsonValue found = object;
        if (const QString reference = object.value("$ref"_L1).toString(); !reference.isEmpty()) {
            found = m_description;
            for (const QString &part : reference.sliced(2).split(u'/')) {
                found = found[part];
            }
        }
        return found.toObject();
    }
    [[nodiscard]] QJsonObject schema(const QString &name) const
    {
        return m_description.value("components"_L1)["schemas"_L1][name].toObject();
    }
    /// Returns the properties of a schema but for those that only go in.
    [[nodiscard]] QStringList shownProperties(const QString &name) const
    {
        QStringList names;
        const QJsonObject properties = schema(name).value("properties"_L1).toObject();
        for (auto property = properties.begin(); property != properties.end(); ++property) {
            if (!resolved(property->toObject()).value("writeOnly"_L1).toBool()) {
                names.append(property.key());
            }
        }
        return names;
    }
    /// Returns the name of the schema that a body refers to as a whole; empty if it has none.
    [[nodiscard]] static QString schemaOf(const QJsonValue &body)
    {
        const QString reference =
            body["content"_L1]["application/json"_L1]["schema"_L1]["$ref"_L1].toString();
        return reference.split(u'/').last();
    }
    [[nodiscard]] QStringList parameters(const QJsonObject &operation,
                                         QLatin1StringView place) const
    {
        QStringList names;
        for (const auto &each : operation.value("parameters"_L1).toArray()) {
            const QJsonObject parameter = resolved(each.toObject());
            if (parameter.value("in"_L1).toString() == place) {
                names.append(parameter.value("name"_L1).toString());
            }
        }
        return names;
    }
    [[nodiscard]] static QJsonArray sortsOf(const QJsonObject &operation)
    {
        for (const auto &each : operation.value("parameters"_L1).toArray()) {
            if (each["name"_L1].toString() == u"sort"_s) {
                return each["schema"_L1]["enum"_L1].toArray();
            }
        }
        return {};
    }
    /// Returns the path with the examples of its parameters, and with what its query cannot be without.
    [[nodiscard]] QByteArray exampleOf(QString path, const QJsonObject &operation) const
    {
        QStringList query;
        for (const auto &each : operation.value("parameters"_L1).toArray()) {
            const QJsonObject parameter = resolved(each.toObject());
            if (parameter.value("in"_L1) == "query"_L1 && parameter.value("required"_L1).toBool()) {
                query.append(parameter.value("name"_L1).toString() + u'='
                             + parameter.value("example"_L1).toString());
            }
        }
        path.append(query.isEmpty() ? QString() : u'?' + query.join(u'&'));
        return path.replace(u"{key_id}"_s, m_keyId)
            .replace(u"{organization_id}"_s, u"acme"_s)
            .replace(u"{team_id}"_s, u"research"_s)
            .replace(u"{user_id}"_s, u"ann"_s)
            .replace(u"{service_account_id}"_s, u"nightly"_s)
            .replace(u"{call_id}"_s, m_rig->newestCall())
            .replace(u"{sequence}"_s, u"1"_s)
            .replace(u"{credential_id}"_s, u"openai-research"_s)
            .replace(u"{deployment_id}"_s, u"gpt-4o-eu"_s)
            .replace(u"{guardrail_id}"_s, u"no-cards"_s)
            .replace(u"{route_group_id}"_s, u"smart"_s)
            .replace(u"{end_user_id}"_s, u"customer-42"_s)
            .replace(u"{budget_id}"_s, u"research-monthly"_s)
            .replace(u"{alert_rule_id}"_s, u"ar-sales"_s)
            .replace(u"{delivery_id}"_s, u"alert_1.email"_s)
            .toLatin1();
    }

    std::unique_ptr<ControlRig> m_rig;
    QJsonObject m_description;
    QString m_keyId;
};

QTEST_GUILESS_MAIN(ApiDescriptionTest)
#include "tst_api_description.moc"
