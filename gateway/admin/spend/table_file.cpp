#include "gateway/admin/spend/table_file.h"

#include "gateway/admin/contract/answer_stream.h"
#include "gateway/admin/contract/csv_text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

/// A body that is there already.
class WholeStream final : public AnswerStream
{
public:
    explicit WholeStream(QByteArray body)
        : m_body(std::move(body))
    {
    }
    [[nodiscard]] Result<QByteArray> next() override
    {
        return std::exchange(m_body, {});
    }

private:
    QByteArray m_body;
};

void add(QJsonObject &row, const QJsonObject &totals, const QString &prefix = {})
{
    for (auto member = totals.begin(); member != totals.end(); ++member) {
        row.insert(prefix + member.key(), *member);
    }
}

QStringList columnsOf(QStringList first, const std::vector<QJsonObject> &rows)
{
    for (const QString &name : rows.empty() ? QStringList() : rows.front().keys()) {
        if (!first.contains(name)) {
            first.append(name);
        }
    }
    return first;
}

Answer fileOf(ListFormat format, const QString &name, const QStringList &columns,
              const std::vector<QJsonObject> &rows)
{
    const bool isCsv = format == ListFormat::Csv;
    QByteArray body = isCsv ? csvHead(columns) : QByteArray();
    for (const QJsonObject &row : rows) {
        body += isCsv ? csvLine(row, columns)
                      : QJsonDocument(row).toJson(QJsonDocument::Compact) + '\n';
    }
    return fileAnswer(isCsv ? "text/csv; charset=utf-8"_ba : "application/x-ndjson"_ba,
                      name + (isCsv ? u".csv"_s : u".jsonl"_s),
                      std::make_shared<WholeStream>(std::move(body)));
}

} // namespace

Answer seriesFile(ListFormat format, const QJsonObject &report)
{
    std::vector<QJsonObject> rows;
    const QJsonArray starts = report.value("starts"_L1).toArray();
    const auto addSteps = [&](const QJsonValue &id, const QJsonValue &name,
                              const QJsonArray &steps) {
        for (qsizetype i = 0; i < steps.size(); ++i) {
            QJsonObject row{{"start"_L1, starts[i]}, {"id"_L1, id}, {"name"_L1, name}};
            add(row, steps[i].toObject());
            rows.push_back(row);
        }
    };
    for (const auto &group : report.value("groups"_L1).toArray()) {
        addSteps(group["id"_L1], group["name"_L1], group["steps"_L1].toArray());
    }
    if (report.value("groups"_L1).toArray().isEmpty()) {
        addSteps({}, {}, report.value("steps"_L1).toArray());
    } else {
        addSteps({}, u"(others)"_s, report.value("others"_L1).toArray());
    }
    return fileOf(format, u"spend-series"_s, columnsOf({u"start"_s, u"id"_s, u"name"_s}, rows),
                  rows);
}

Answer breakdownFile(ListFormat format, const QJsonObject &report)
{
    std::vector<QJsonObject> rows;
    for (const auto &group : report.value("groups"_L1).toArray()) {
        QJsonObject row{{"id"_L1, group["id"_L1]}, {"name"_L1, group["name"_L1]}};
        add(row, group["totals"_L1].toObject());
        add(row, group["previous"_L1].toObject(), u"previous_"_s);
        rows.push_back(row);
    }
    return fileOf(format, u"spend-breakdown"_s, columnsOf({u"id"_s, u"name"_s, u"spend"_s}, rows),
                  rows);
}

} // namespace delta::admin
