using System.Text.RegularExpressions;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>Reads another trainer's record as a run of this program's form.</summary>
public static class Importer
{
    /// <summary>Reads it.</summary>
    /// <param name="source">File, or folder of event files or of record.py.</param>
    /// <param name="kind">One of <see cref="SourceKind.All"/>; null: recognised.</param>
    /// <param name="map"><c>FIELD=COLUMN</c> texts.</param>
    /// <param name="run">Which training of several in one file, from 1; null: the last.</param>
    /// <returns>The run; its <see cref="RunInfo.Import"/> tells the kind, the sources and what was assumed.</returns>
    /// <exception cref="ImportException">It cannot be imported.</exception>
    public static RunRecord Read(string source, string? kind = null, IReadOnlyList<string>? map = null, int? run = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        return Read(SourceFiles.Open(source), kind, map ?? [], run);
    }

    /// <summary>The same of bytes in memory.</summary>
    internal static RunRecord Read(SourceFiles files, string? kind, IReadOnlyList<string> map, int? run)
    {
        try
        {
            var (found, writer, fields, started, assembled) = Assembled(files, kind, map, run);
            if (assembled.Steps.Count + assembled.Epochs.Count + assembled.Evaluations.Count == 0)
                throw new ImportException(
                    $"'{files.Source}' holds no step and no epoch with a finite number. Give the record of a " + $"training.",
                    files.Source
                );

            var read = files.Read;
            return new RunRecord
            {
                Info = new RunInfo
                {
                    // The same source gives the same run.
                    Id = $"{found}-{read[0].Sha256[..12]}",
                    Status = RunStatus.Imported,
                    Started = started,
                    NonFinite = assembled.NonFinite,
                    Import = new ImportedFrom
                    {
                        Kind = found,
                        Writer = writer,
                        Files = read,
                        Fields = fields,
                        EpochsFromZero = assembled.EpochsFromZero,
                        StepsAreSampled = assembled.StepsAreSampled,
                        Notes = assembled.Notes,
                    },
                },
                Steps = assembled.Steps,
                Epochs = assembled.Epochs,
                Evaluations = assembled.Evaluations,
            };
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ImportException(
                $"'{files.Source}' has a line that takes too long to read; a log of short lines was expected. Cut "
                    + $"it to the lines of the training.",
                files.Source,
                e
            );
        }
    }

    private static (
        string Kind,
        string Writer,
        IReadOnlyList<ImportedField> Fields,
        DateTimeOffset? Started,
        AssembledRecord Record
    ) Assembled(SourceFiles files, string? kind, IReadOnlyList<string> map, int? run)
    {
        if (kind == SourceKind.Record || (kind is null && files.Files.Any(f => RecorderFolder.IsName(Path.GetFileName(f.Name)))))
        {
            RefuseMap(map, files.Source, "record.py's files");
            return (SourceKind.Record, $"record.py in '{files.Source}'", [], null, RecorderFolder.Read(files));
        }

        ForeignRecord record;
        if (
            kind == SourceKind.TensorBoard
            || (
                kind is null
                && (files.IsFolder || EventRecords.Knows(files.Files[0].Bytes) || SourceFiles.EventFileNames(files.Files[0].Name))
            )
        )
        {
            kind = SourceKind.TensorBoard;
            record = EventFolder.Read(files.Source, [.. files.Files.Select(f => (f.Name, f.Bytes))], map, run);
            // The folder chose already.
            run = null;
        }
        else
        {
            var (name, path, bytes) = files.IsFolder
                ? throw new ImportException($"'{files.Source}' is a folder; --from {kind} reads one file. Give the file.", files.Source)
                : files.Files[0];
            var text = SourceText.Of(name, path, bytes);
            kind ??= SourceKind.Of(text)
                ?? throw new ImportException(
                    $"'{name}' is not a known kind of record: neither the CMGAN trainer's log ('Epoch 0, Step 500, loss: ..., "
                        + $"disc_loss: ...') nor a table (CSV with a line of names, JSON lines) nor an event file. "
                        + "Give the trainer's event files where it writes some, or write what it holds as a table, for example "
                        + "epoch,loss,pesq.",
                    path
                );
            switch (kind)
            {
                case SourceKind.Cmgan:
                    RefuseMap(map, path, "the CMGAN trainer's log");
                    record = CmganLog.Read(text);
                    break;
                case SourceKind.Csv:
                    record = CsvTable.Read(text, map);
                    break;
                case SourceKind.Jsonl:
                    record = JsonTable.Read(text, map);
                    break;
                default:
                    throw new ImportException($"--from {kind} is unknown; allowed are {string.Join(", ", SourceKind.All)}.", path);
            }
        }

        return (kind, record.Writer, record.Fields, record.Started, RecordAssembly.Of(record, run, files.Source));
    }

    private static void RefuseMap(IReadOnlyList<string> map, string path, string what)
    {
        if (map.Count > 0)
            throw new ImportException(
                $"--map {NumberText.Shown(map[0])} names a column, and the fields of {what} are known by its " + $"form. Leave --map out.",
                path
            );
    }
}
