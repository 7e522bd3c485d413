namespace SpeechGan.Runs.Rows;

/// <summary>Reads record files as rows: what the quick reader of lines leaves goes through the deserialiser, which alone says what is
/// damaged.</summary>
internal static class RowReader
{
    /// <summary>The steps of a record file.</summary>
    /// <param name="storage">File events.</param>
    /// <param name="path">Of the plain file; a compressed one is read in its place.</param>
    /// <param name="problems">Takes what could not be read.</param>
    /// <param name="inMemory">Bytes of rows that are kept in memory; further ones lie in a temporary file.</param>
    public static StepRows Steps(IRunStorage storage, string path, List<string> problems, long inMemory = StepRows.MostInMemory)
    {
        var names = new NameTable();
        var blocks = new BlockStore<StepBlock>(inMemory);
        var packer = new StepPacker(names, blocks.Add);
        if (RecordFile.Find(storage, path) is { } found)
            JsonLines.Visit(RecordFile.Open(storage, found), found, problems, (line, number, offset) =>
            {
                if (!StepLine.TryAdd(line, offset, packer) && JsonLines.Parse<StepTelemetry>(line, found, number, problems) is { } step)
                    packer.Add(step, offset, line.Length);
            });

        packer.Flush();
        return new StepRows(blocks, names);
    }

    /// <summary>The evaluations of a record file.</summary>
    /// <param name="storage">File events.</param>
    /// <param name="path">Of the plain file; a compressed one is read in its place.</param>
    /// <param name="problems">Takes what could not be read.</param>
    public static EvaluationRows Evaluations(IRunStorage storage, string path, List<string> problems)
    {
        var names = new NameTable();
        var sets = new NameSets(names);
        var blocks = new BlockStore<EvaluationBlock>(EvaluationRows.MostInMemory);
        var packer = new EvaluationPacker(names, sets, blocks.Add);
        if (RecordFile.Find(storage, path) is { } found)
            JsonLines.Visit(RecordFile.Open(storage, found), found, problems, (line, number, _) =>
            {
                if (
                    !EvaluationLine.TryAdd(line, packer)
                    && JsonLines.Parse<UtteranceEvaluation>(line, found, number, problems) is { } evaluation
                )
                    packer.Add(evaluation);
            });

        packer.Flush();
        return new EvaluationRows(blocks, names, sets);
    }
}
