namespace SpeechGan.Data;

/// <summary>Notes that hold of most files of a part are one note: a corpus at 48 kHz would else have tens of thousands.</summary>
internal static class AuditNotes
{
    // As many are told file by file.
    private const int MostApart = 20;

    private static readonly Dictionary<string, Func<double?, string>> Common = new()
    {
        ["other-rate"] = rate => $"have {rate} samples a second and are resampled to {AuditLimits.SampleRate} when they are read",
        ["several-channels"] = channels => $"have {channels} channels, and training refuses these unless data.channel says which",
    };

    /// <summary>The findings, those notes gathered.</summary>
    public static IEnumerable<AuditFinding> Gathered(IEnumerable<AuditFinding> findings) =>
        findings
            .GroupBy(f => Common.ContainsKey(f.Kind) ? (f.Kind, f.Split, f.Observed) : ("", "", null))
            .SelectMany(g => g.Key.Item1.Length > 0 && g.Count() > MostApart ? [One([.. g])] : g.AsEnumerable());

    private static AuditFinding One(AuditFinding[] all) =>
        all[0] with
        {
            Name = null,
            Sentence = $"{all[0].Split}: {all.Length} files ({all[0].Name} is the first) {Common[all[0].Kind](all[0].Observed)}.",
        };
}
