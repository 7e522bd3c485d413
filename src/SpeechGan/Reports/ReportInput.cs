using SpeechGan.Comparison;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>A run of a report.</summary>
/// <param name="Label">Short name for legends, unlike those of the other runs.</param>
/// <param name="Record">What is recorded of it.</param>
/// <param name="Verdict">What the theories say of it.</param>
public sealed record ReportRun(string Label, RunRecord Record, Verdict Verdict);

/// <summary>One signal of an utterance to listen to, or the reason there is none.</summary>
/// <param name="Label">clean, noisy, best or last.</param>
/// <param name="Samples">16 kHz, full scale -1 .. 1; null where there is none.</param>
/// <param name="Absent">Why there is none, in a sentence; null where there is one.</param>
public sealed record ReportClip(string Label, float[]? Samples, string? Absent);

/// <summary>An utterance to listen to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Split">Part of the corpus.</param>
/// <param name="Clips">clean, noisy, best, last.</param>
public sealed record ReportUtterance(string Name, string Split, IReadOnlyList<ReportClip> Clips);

/// <summary>What there is to listen to of one run.</summary>
/// <param name="Utterances">Those with the largest changes first.</param>
/// <param name="Notes">What the reader should know: which checkpoints, what is missing and why; a sentence each.</param>
public sealed record ReportListening(IReadOnlyList<ReportUtterance> Utterances, IReadOnlyList<string> Notes);

/// <summary>All a report is made of: records and samples, no files and no tensors.</summary>
public sealed record ReportInput
{
    /// <summary>The runs, at least one; configuration differences are told against the first.</summary>
    public required IReadOnlyList<ReportRun> Runs { get; init; }

    /// <summary>What there is to listen to, in the order of the runs; empty where <see cref="Together"/> has it.</summary>
    public required IReadOnlyList<ReportListening> Listening { get; init; }

    /// <summary>What there is to listen to of two runs side by side; null where each run has its own.</summary>
    public ReportListening? Together { get; init; }

    /// <summary>What comparing the runs came to; null where it was not asked for.</summary>
    public RunComparison? Comparison { get; init; }

    /// <summary>When the page is made, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Version of the program that makes it.</summary>
    public required string MadeBy { get; init; }
}
