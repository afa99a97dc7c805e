#include "tests/architecture/source_tree.h"

#include "tests/architecture/cpp_text.h"

#include <QFile>
#include <QSet>

#include <algorithm>
#include <filesystem>

namespace delta::architecture {

using namespace Qt::StringLiterals;

namespace {

constexpr std::uintmax_t largestText = 4 * 1024 * 1024;

/// Says whether a folder holds nothing that people write.
bool isForeign(const QString &folder)
{
    static const QSet<QString> names{u"node_modules"_s, u"dist"_s, u"__pycache__"_s, u".git"_s};
    return folder == u"build" || names.contains(folder.section(u'/', -1));
}

/// Adds the file unless its content is no text.
void addText(const QString &root, const QString &path, std::vector<SourceFile> &files)
{
    QFile file(root + u'/' + path);
    const QByteArray bytes = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray(1, '\0');
    if (!bytes.contains('\0')) {
        files.emplace_back(path, QString::fromUtf8(bytes));
    }
}

} // namespace

SourceFile::SourceFile(const QString &filePath, const QString &content)
    : path(filePath)
    , text(content)
{
    if (isCpp()) {
        code = withoutComments(text);
        bare = withoutPreprocessor(withoutLiterals(code));
    }
}

QString SourceFile::folder() const
{
    return path.left(path.lastIndexOf(u'/'));
}

bool SourceFile::isCpp() const
{
    return path.endsWith(u".cpp") || isHeader();
}

bool SourceFile::isHeader() const
{
    return path.endsWith(u".h");
}

bool SourceFile::isIn(const QString &folder) const
{
    return path.startsWith(folder + u'/');
}

QString Finding::text() const
{
    return line > 0 ? u"%1:%2: %3"_s.arg(path).arg(line).arg(what) : u"%1: %2"_s.arg(path, what);
}

SourceTree::SourceTree(std::vector<SourceFile> files)
    : m_files(std::move(files))
{
    std::ranges::sort(m_files, {}, &SourceFile::path);
}

SourceTree SourceTree::fromDisk(const QString &root)
{
    std::vector<SourceFile> files;
    const std::filesystem::path base = root.toStdString();
    for (std::filesystem::recursive_directory_iterator entry(base), end; entry != end; ++entry) {
        const QString path = QString::fromStdString(
            entry->path().lexically_relative(base).generic_string());
        if (entry->is_symlink()) {
            continue;
        }
        if (entry->is_directory() && isForeign(path)) {
            entry.disable_recursion_pending();
        } else if (entry->is_regular_file() && entry->file_size() <= largestText) {
            addText(root, path, files);
        }
    }
    return SourceTree(std::move(files));
}

const SourceFile *SourceTree::find(const QString &path) const
{
    const auto file = std::ranges::find(m_files, path, &SourceFile::path);
    return file == m_files.end() ? nullptr : &*file;
}

std::vector<const SourceFile *> SourceTree::production() const
{
    std::vector<const SourceFile *> files = cpp();
    std::erase_if(files, [](const SourceFile *file) { return file->isIn(u"tests"_s); });
    return files;
}

std::vector<const SourceFile *> SourceTree::cpp() const
{
    std::vector<const SourceFile *> files;
    for (const SourceFile &file : m_files) {
        if (file.isCpp()) {
            files.push_back(&file);
        }
    }
    return files;
}

int lineAt(const QString &text, qsizetype offset)
{
    return static_cast<int>(QStringView(text).first(offset).count(u'\n')) + 1;
}

} // namespace delta::architecture
