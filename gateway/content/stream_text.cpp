#include "gateway/content/stream_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <map>

namespace delta::content {

using namespace Qt::StringLiterals;

namespace {

/// An object of which parts arrive one by one. Texts grow; of all else the last one counts, but for lists of such
/// objects, which say by `index` what they go on with.
class Growing
{
public:
    void add(const QJsonObject &part, int depth = 0)
    {
        for (auto member = part.begin(); member != part.end(); ++member) {
            const QString name = member.key();
            if (name == "logprobs"_L1) {
                continue;
            }
            // These are sent whole, and by some providers again and again.
            const bool isWhole = name == "role"_L1 || name == "id"_L1 || name == "type"_L1
                || name == "index"_L1 || name == "finish_reason"_L1;
            const QJsonValue value = *member;
            if (value.isString() && !isWhole) {
                m_texts[name] += value.toString();
            } else if (value.isObject() && depth < deepest) {
                m_objects[name].add(value.toObject(), depth + 1);
            } else if (isList(value) && depth < deepest) {
                addAll(name, value.toArray(), depth);
            } else if (!value.isNull() || !m_others.contains(name)) {
                m_others.insert(name, value);
            }
        }
    }

    void addAll(const QString &name, const QJsonArray &parts, int depth)
    {
        for (const QJsonValue &part : parts) {
            const QJsonObject object = part.toObject();
            m_lists[name][object.value("index"_L1).toInt()].add(object, depth + 1);
        }
    }

    [[nodiscard]] QJsonObject toJson() const
    {
        QJsonObject json = m_others;
        for (const auto &[name, text] : m_texts) {
            json.insert(name, text);
        }
        for (const auto &[name, object] : m_objects) {
            json.insert(name, object.toJson());
        }
        for (const auto &[name, parts] : m_lists) {
            QJsonArray array;
            for (const auto &[index, part] : parts) {
                array.append(part.toJson());
            }
            json.insert(name, array);
        }
        return json;
    }

private:
    static constexpr int deepest = 16;

    /// Says whether it is a list whose parts go on in later events.
    static bool isList(const QJsonValue &value)
    {
        const QJsonArray array = value.toArray();
        return !array.isEmpty() && array.first().toObject().contains("index"_L1);
    }

    std::map<QString, QString> m_texts;
    std::map<QString, Growing> m_objects;
    std::map<QString, std::map<int, Growing>> m_lists;
    QJsonObject m_others;
};

/// The choices grow; of the rest of the events the last word counts.
class Answer
{
public:
    void add(const QJsonObject &event)
    {
        for (auto member = event.begin(); member != event.end(); ++member) {
            if (member.key() == "choices"_L1) {
                m_choices.addAll(u"choices"_s, member->toArray(), 0);
            } else if (!member->isNull() || !m_head.contains(member.key())) {
                m_head.insert(member.key(), *member);
            }
        }
    }

    [[nodiscard]] QByteArray toJson() const
    {
        QJsonObject json = m_head;
        if (json.value("object"_L1) == "chat.completion.chunk"_L1) {
            json.insert("object"_L1, u"chat.completion"_s);
        }
        QJsonArray choices;
        for (const QJsonValue &each : m_choices.toJson().value("choices"_L1).toArray()) {
            QJsonObject choice = each.toObject();
            if (const QJsonValue delta = choice.take("delta"_L1); !delta.isUndefined()) {
                choice.insert("message"_L1, delta);
            }
            choices.append(choice);
        }
        json.insert("choices"_L1, choices);
        return QJsonDocument(json).toJson(QJsonDocument::Compact);
    }

private:
    QJsonObject m_head;
    Growing m_choices;
};

/// Returns the data of the line that begins at `begin`, and moves that behind it.
QByteArrayView nextData(QByteArrayView events, qsizetype &begin)
{
    constexpr QByteArrayView field = "data:";
    const qsizetype newline = events.indexOf('\n', begin);
    const qsizetype end = newline < 0 ? events.size() : newline;
    const QByteArrayView line = events.sliced(begin, end - begin);
    begin = end + 1;
    return line.startsWith(field) ? line.sliced(field.size()).trimmed() : QByteArrayView();
}

} // namespace

Result<QByteArray> wholeAnswer(QByteArrayView events)
{
    Answer answer;
    bool isEmpty = true;
    for (qsizetype begin = 0; begin < events.size();) {
        const QByteArrayView data = nextData(events, begin);
        if (data.isEmpty() || data == "[DONE]") {
            continue;
        }
        QJsonParseError error;
        const QJsonDocument event = QJsonDocument::fromJson(data.toByteArray(), &error);
        if (!event.isObject()) {
            return failure(
                ApiError::internal(u"An event of a stream is no JSON: "_s + error.errorString()));
        }
        answer.add(event.object());
        isEmpty = false;
    }
    return isEmpty ? QByteArray() : answer.toJson();
}

} // namespace delta::content
