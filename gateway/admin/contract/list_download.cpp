#include "gateway/admin/contract/list_download.h"

#include "gateway/admin/contract/answer_stream.h"
#include "gateway/admin/contract/csv_text.h"

#include <QJsonDocument>

#include <memory>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

/// As many rows as a piece has, and the first, so that it comes soon.
constexpr int pieceRows = 200;
constexpr int firstRows = 50;

class ListStream final : public AnswerStream
{
public:
    ListStream(ListFormat format, QStringList columns, store::ListQuestion question,
               ListPageReader reader)
        : m_format(format)
        , m_columns(std::move(columns))
        , m_question(std::move(question))
        , m_reader(std::move(reader))
    {
        m_question.limit = firstRows;
        m_question.side = store::PageSide::Next;
    }

    [[nodiscard]] Result<QByteArray> next() override
    {
        if (m_isOver) {
            return QByteArray();
        }
        TRY(const ListRows rows, m_reader(m_question));
        QByteArray piece = beginning(rows);
        for (const QJsonObject &row : rows.items) {
            piece += m_format == ListFormat::Csv
                ? csvLine(row, m_columns)
                : QJsonDocument(row).toJson(QJsonDocument::Compact) + '\n';
        }
        m_question.place = rows.next;
        m_question.limit = pieceRows;
        m_isOver = !rows.next;
        return piece;
    }

private:
    QByteArray beginning(const ListRows &rows)
    {
        if (std::exchange(m_isBegun, true) || m_format != ListFormat::Csv) {
            return {};
        }
        for (const QString &name : rows.items.empty() ? QStringList() : rows.items.front().keys()) {
            if (!m_columns.contains(name)) {
                m_columns.append(name);
            }
        }
        return csvHead(m_columns);
    }

    const ListFormat m_format;
    QStringList m_columns;
    store::ListQuestion m_question;
    const ListPageReader m_reader;
    bool m_isBegun = false;
    bool m_isOver = false;
};

} // namespace

Answer downloadAnswer(ListFormat format, const QByteArray &path, const QStringList &columns,
                      store::ListQuestion question, ListPageReader reader)
{
    const bool isCsv = format == ListFormat::Csv;
    const QString name = QString::fromLatin1(path.split('/').last());
    return fileAnswer(
        isCsv ? "text/csv; charset=utf-8"_ba : "application/x-ndjson"_ba,
        name + (isCsv ? u".csv"_s : u".jsonl"_s),
        std::make_shared<ListStream>(format, columns, std::move(question), std::move(reader)));
}

} // namespace delta::admin
