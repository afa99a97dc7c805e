#include "tests/architecture/include_table.h"

#include <QRegularExpression>

namespace delta::architecture {

using namespace Qt::StringLiterals;

IncludeTable::IncludeTable(const SourceTree &tree)
{
    for (const QString &path : {u"gateway/CMakeLists.txt"_s, u"shared/CMakeLists.txt"_s}) {
        if (const SourceFile *file = tree.find(path)) {
            read(file->text);
        }
    }
}

QString IncludeTable::folderOf(const QString &path) const
{
    for (QString folder = path; folder.contains(u'/');) {
        folder.truncate(folder.lastIndexOf(u'/'));
        if (m_uses.contains(folder)) {
            return folder;
        }
    }
    return {};
}

QStringList IncludeTable::usedBy(const QString &folder) const
{
    return m_uses.value(folder);
}

QStringList IncludeTable::folders() const
{
    QStringList names = m_uses.keys();
    names.sort();
    return names;
}

void IncludeTable::read(const QString &text)
{
    static const QRegularExpression comment(u"#[^\\n]*"_s);
    static const QRegularExpression call(u"delta_folder\\(([^)]*)\\)"_s);
    const QString code = QString(text).remove(comment);
    for (auto match = call.globalMatch(code); match.hasNext();) {
        QStringList words = match.next().captured(1).simplified().split(u' ');
        const QString folder = words.takeFirst();
        const qsizetype uses = words.indexOf(u"USES");
        const qsizetype links = words.indexOf(u"LINKS");
        const qsizetype end = links > uses ? links : words.size();
        m_uses.insert(folder, uses < 0 ? QStringList() : words.sliced(uses + 1, end - uses - 1));
    }
}

} // namespace delta::architecture
