using SharpFuzz;
using SpeechGan.Tools.Fuzz;

// instrument FOLDER | soak TARGET COUNT SEED REPOSITORY FINDS | once TARGET FILE | afl TARGET | libfuzzer TARGET
switch (args)
{
    case ["instrument", var folder]:
        // What reads, and the library under it; the rest of the program is not touched by these inputs.
        string[] rooms =
        [
            "SpeechGan.Data.",
            "SpeechGan.Runs.",
            "SpeechGan.Configuration.",
            "SpeechGan.Import.",
            "SpeechGan.Goldens.",
            "SpeechGan.Bisect.",
            "NAudio.",
        ];
        foreach (var assembly in (string[])["SpeechGan.dll", "NAudio.Core.dll"])
        {
            var path = Path.Combine(folder, assembly);
            var types = Fuzzer.Instrument(path, type => rooms.Any(r => type.StartsWith(r, StringComparison.Ordinal)), Options.Value);
            Console.WriteLine($"{assembly}: {types.Count()} types");
        }
        return 0;
    case ["soak", var name, var count, var seed, var repository, var finds]:
        return new Soak(Find(name), int.Parse(seed), finds).Run(long.Parse(count), repository) == 0 ? 0 : 1;
    case ["once", var name, var file]:
        Console.WriteLine(Find(name).Run(File.ReadAllBytes(file)) ? "sound" : "refused");
        return 0;
    case ["afl", var name]:
        Fuzzer.OutOfProcess.Run(stream => Find(name).Run(All(stream)));
        return 0;
    case ["libfuzzer", var name]:
        Fuzzer.LibFuzzer.Run(bytes => Find(name).Run(bytes.ToArray()));
        return 0;
    default:
        Console.Error.WriteLine("This is run by tools/fuzz, which has the help.");
        return 2;
}

static Target Find(string name) =>
    Target.All.FirstOrDefault(t => t.Name == name)
    ?? throw new ArgumentException($"There is no target '{name}'; there are {string.Join(", ", Target.All.Select(t => t.Name))}.");

static byte[] All(Stream stream)
{
    using var copy = new MemoryStream();
    stream.CopyTo(copy);
    return copy.ToArray();
}
