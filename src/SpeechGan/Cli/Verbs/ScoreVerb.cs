using System.CommandLine;
using SpeechGan.Data;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `score`.</summary>
internal static class ScoreVerb
{
    public static Command Make()
    {
        var reference = new Argument<string>("REF") { Description = "Clean file or folder" };
        var degraded = new Argument<string>("DEG")
        {
            Description = "Noisy or enhanced file or folder; folders are paired by file name without ending",
        };
        var compare = new Option<string?>("--compare")
        {
            Description = "A second file or folder: how it differs from DEG, utterance by utterance",
            HelpName = "OTHER",
        };
        var mode = new Option<string>("--mode")
        {
            Description = "PESQ: nb, wb or both",
            DefaultValueFactory = _ => "both",
            HelpName = "M",
        };
        mode.AcceptOnlyFromAmong("nb", "wb", "both");
        var scale = new Option<string>("--scale")
        {
            Description = "int16: as published noisy scores; unit: samples in [-1, 1], as CMGAN's own evaluation",
            DefaultValueFactory = _ => "int16",
            HelpName = "S",
        };
        scale.AcceptOnlyFromAmong("int16", "unit");
        var rate = new Option<int?>("--rate") { Description = "Resample both sides to this rate first", HelpName = "HZ" };
        var resample = new Option<bool>("--resample")
        {
            Description = $"Resample files at other rates to {RunConfig.SampleRate} Hz, where every metric is defined",
        };
        var channel = new Option<ChannelPolicy>("--channel")
        {
            Description = "Of several channels: refuse, first, second or mean",
            DefaultValueFactory = _ => ChannelPolicy.Refuse,
        };
        var workers = new Option<int>("--workers")
        {
            Description = "Pairs scored side by side",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            HelpName = "N",
        };
        var seed = new Option<long>("--seed")
        {
            Description = "Of the intervals' resamples",
            DefaultValueFactory = _ => 1,
            HelpName = "N",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, numbers in full precision" };
        var csv = new Option<bool>("--csv") { Description = "One line per pair, numbers in full precision" };
        var verb = new Command("score", "PESQ, CSIG, CBAK, COVL, SSNR, WSS, LLR, STOI and SI-SDR of files or folders.")
        {
            reference,
            degraded,
            compare,
            mode,
            scale,
            resample,
            rate,
            channel,
            workers,
            seed,
            json,
            csv,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        ScoreRun.Run(
                            new ScoreRequest
                            {
                                Reference = parsed.GetValue(reference)!,
                                Degraded = parsed.GetValue(degraded)!,
                                Other = parsed.GetValue(compare),
                                Mode = parsed.GetValue(mode)!,
                                Scale = parsed.GetValue(scale)!,
                                Rate = parsed.GetValue(rate),
                                Resample = parsed.GetValue(resample),
                                Channel = parsed.GetValue(channel),
                                Workers = parsed.GetValue(workers),
                                Seed = parsed.GetValue(seed),
                            },
                            parsed.GetValue(json),
                            parsed.GetValue(csv),
                            stop
                        )
                    )
                )
        );
        return verb;
    }
}
