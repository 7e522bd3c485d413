using System.CommandLine;
using SpeechGan.Data;
using SpeechGan.Engine;
using SpeechGan.Evaluation;
using SpeechGan.Training;
using SpeechGan.Workflows;
using static TorchSharp.torch;

namespace SpeechGan.Cli.Verbs;

/// <summary>`enhance`: a file or a folder, any length, any usual rate; the result has the input's rate and length.</summary>
internal static class EnhanceVerb
{
    public static Command Make()
    {
        var checkpoint = new Option<string>("--checkpoint")
        {
            Description = "Run folder (its best), checkpoint folder, or a generator's state dict (.safetensors, .pt, .pth)",
            Required = true,
            HelpName = "F",
        };
        var input = new Argument<string>("IN") { Description = "Noisy file (WAV, AIFF; FLAC, OGG where libsndfile is) or folder of files" };
        var output = new Argument<string>("OUT") { Description = "WAV or AIFF file, or folder" };
        var channel = new Option<ChannelPolicy>("--channel")
        {
            Description = "Of several channels: refuse, first, second or mean",
            DefaultValueFactory = _ => ChannelPolicy.Refuse,
        };
        var device = new Option<string>("--device")
        {
            Description = "cpu, cuda or cuda:N",
            DefaultValueFactory = _ => "cpu",
            HelpName = "D",
        };
        var verb = new Command("enhance", "Enhance a file or a folder of files.") { checkpoint, input, output, channel, device };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var files = Files(parsed.GetValue(input)!, parsed.GetValue(output)!);
                        TensorDevice.Require(parsed.GetValue(device)!);
                        using var source = GeneratorSource.Open(parsed.GetValue(checkpoint)!, parsed.GetValue(device)!);
                        foreach (var problem in source.Problems)
                            Terminal.Error.Line(problem);
                        set_num_threads(source.Config.Train.Threads);
                        var enhancer = new Enhancer(source.Networks.Generator, source.Networks.Spectrum);
                        // The names of what is done go to standard output: a bar beside them must be on the same terminal.
                        var refused = WorkProgress.Watch(Terminal.Out.IsLive ? Terminal.Out : Terminal.Error, at =>
                            Enhance(enhancer, files, parsed.GetValue(channel), at, stop)
                        );
                        if (refused > 0)
                            Terminal.Error.Line($"{refused} of {files.Count} files could not be enhanced.");
                        return refused > 0 ? ExitCode.BadUsage : ExitCode.Good;
                    })
                )
        );
        return verb;
    }

    private static int Enhance(
        Enhancer enhancer,
        List<(string From, string To)> files,
        ChannelPolicy channel,
        Progressed at,
        CancellationToken stop
    )
    {
        var refused = 0;
        for (var i = 0; i < files.Count; i++)
        {
            var (from, to) = files[i];
            stop.ThrowIfCancellationRequested();
            try
            {
                AudioInfo info = AudioFile.ReadInfo(from);
                if (info.Note is { } note)
                    Terminal.Error.Line($"{from} {note}");
                var limited = FileEnhancer.Enhance(
                    enhancer,
                    from,
                    to,
                    channel,
                    // One file by its seconds, several by their number.
                    files.Count > 1
                        ? null
                        : (done, of) => at("enhancing (s)", done / info.SampleRate, of / info.SampleRate),
                    stop
                );
                if (limited > 0)
                    Terminal.Error.Line($"{to}: {limited} samples beyond full scale were limited.");
                Terminal.Out.Line($"{from} -> {to}");
            }
            catch (AudioFileException e) when (files.Count > 1)
            {
                refused++;
                Terminal.Error.Line($"speechgan: {e.Message}");
            }
            if (files.Count > 1)
                at("enhancing files", i + 1, files.Count);
        }
        return refused;
    }

    private static List<(string From, string To)> Files(string input, string output)
    {
        if (File.Exists(input))
        {
            if (Directory.Exists(output))
                return [(input, Path.Combine(output, Path.GetFileNameWithoutExtension(input) + ".wav"))];
            var parent = Path.GetDirectoryName(Path.GetFullPath(output))!;
            if (!Directory.Exists(parent))
                throw new UsageException($"The folder '{parent}' for the result does not exist. Create it, or correct OUT.");
            return [(input, output)];
        }
        if (!Directory.Exists(input))
            throw new UsageException($"There is no file or folder '{input}'. Correct IN.");
        if (File.Exists(output))
            throw new UsageException($"IN is a folder, so OUT must be one; '{output}' is a file.");
        var files = Directory
            .GetFiles(input)
            .Where(f => AudioFile.Extensions.Contains(Path.GetExtension(f).ToLowerInvariant()))
            .Order(NaturalOrder.Instance)
            .Select(f => (f, Path.Combine(output, Path.GetFileNameWithoutExtension(f) + ".wav")))
            .ToList();
        if (files.Count == 0)
            throw new UsageException($"The folder '{input}' holds no audio file ({string.Join(", ", AudioFile.Extensions)}).");
        Directory.CreateDirectory(output);
        return files;
    }
}
