using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Workflows;

/// <summary>What `score` was asked for.</summary>
internal sealed record ScoreRequest
{
    public required string Reference { get; init; }
    public required string Degraded { get; init; }
    public string? Other { get; init; }
    public string Mode { get; init; } = "both";
    public string Scale { get; init; } = "int16";
    public int? Rate { get; init; }

    /// <summary>Whether files at other rates are resampled to that of speech models and wide-band PESQ.</summary>
    public bool Resample { get; init; }

    /// <summary>Rate in Hz to which both files are brought first; null leaves them as they are.</summary>
    public int? Hertz => Resample ? RunConfig.SampleRate : Rate;

    public ChannelPolicy Channel { get; init; } = ChannelPolicy.Refuse;
    public int Workers { get; init; } = 1;
    public long Seed { get; init; } = 1;

    public ScoreOptions Options =>
        new()
        {
            Scale = Scale == "unit" ? MetricScale.Unit : MetricScale.Int16,
            Modes = Mode switch
            {
                "nb" => PesqModes.NarrowBand,
                "wb" => PesqModes.WideBand,
                _ => PesqModes.Both,
            },
        };

    public void Validate()
    {
        if (Workers < 1)
            throw new UsageException($"--workers is {Workers}; at least 1 is needed.");
        if (Resample && Rate is { } also)
            throw new UsageException(
                $"--resample converts files to {RunConfig.SampleRate} Hz and --rate {also} to another rate. Give one of the two."
            );
        if (Rate is < Resampler.LowestRate or > Resampler.HighestRate)
            throw new UsageException(
                $"--rate is {Rate}; {Resampler.LowestRate} to {Resampler.HighestRate} can be made. PESQ needs 8000 or 16000, wide-band "
                    + $"16000."
            );
    }
}
