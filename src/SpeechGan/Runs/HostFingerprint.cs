using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SpeechGan.Runs;

/// <summary>
/// What decides the bits of tensor results beside the program: equal fingerprints promise equal bits, unequal ones a tolerance
/// (libtorch chooses its kernels by CPU, and sums in another order with other threads or another BLAS).
/// </summary>
public sealed record HostFingerprint
{
    /// <summary>CPU model, as the system names it.</summary>
    public required string Cpu { get; init; }

    /// <summary>Vector instruction sets in use, in fixed order.</summary>
    public required string Vectors { get; init; }

    /// <summary>Logical cores this process sees.</summary>
    public required int Cores { get; init; }

    /// <summary>Operating system.</summary>
    public required string System { get; init; }

    /// <summary>.NET runtime.</summary>
    public required string DotNet { get; init; }

    /// <summary>libtorch's version; absent where no tensor was used.</summary>
    public string? Libtorch { get; init; }

    /// <summary>BLAS behind libtorch; absent where it is not known.</summary>
    public string? Blas { get; init; }

    /// <summary>Tensor threads; absent where no tensor was used.</summary>
    public int? Threads { get; init; }

    /// <summary>Device of the tensors; absent where no tensor was used.</summary>
    public string? Device { get; init; }

    /// <summary>Environment variables that make libraries choose other kernels or sums than they would by themselves, <c>NAME=value</c>;
    /// absent where none is set.</summary>
    public string? Overrides { get; init; }

    /// <summary>One line, in fixed order; texts of equal fingerprints are equal.</summary>
    public string InWords() =>
        string.Join(
            "; ",
            Cpu,
            Vectors,
            $"{Cores} cores",
            System,
            DotNet,
            $"libtorch {Libtorch ?? "none"}",
            $"BLAS {Blas ?? "unknown"}",
            Threads is { } threads ? $"{threads} threads" : "no tensor threads",
            Device ?? "no device"
        ) + (Overrides is null ? "" : "; " + Overrides);

    /// <summary>The fingerprint of this machine and process.</summary>
    public static HostFingerprint Of(string? libtorch = null, string? blas = null, int? threads = null, string? device = null) =>
        new()
        {
            Cpu = CpuModel(),
            Vectors = VectorSets(),
            Cores = Environment.ProcessorCount,
            System = RuntimeInformation.OSDescription,
            DotNet = RuntimeInformation.FrameworkDescription,
            Libtorch = libtorch,
            Blas = blas,
            Threads = threads,
            Device = device,
            Overrides = OverridesIn(Environment.GetEnvironmentVariable),
        };

    /// <summary>What of the environment decides bits; null where nothing does.</summary>
    internal static string? OverridesIn(Func<string, string?> environment)
    {
        string[] names =
        [
            "ATEN_CPU_CAPABILITY",
            "DNNL_MAX_CPU_ISA",
            "DOTNET_PreferredVectorBitWidth",
            "MKL_CBWR",
            "MKL_ENABLE_INSTRUCTIONS",
            "ONEDNN_MAX_CPU_ISA",
        ];
        var set = names.Where(n => !string.IsNullOrEmpty(environment(n))).Select(n => $"{n}={environment(n)}").ToList();
        return set.Count == 0 ? null : string.Join(' ', set);
    }

    // The name alone is not enough: hypervisors call many generations by one name, and caches decide how libraries cut their work.
    private static string CpuModel()
    {
        const string file = "/proc/cpuinfo";
        if (!File.Exists(file))
            return RuntimeInformation.ProcessArchitecture.ToString();

        var first = File.ReadLines(file)
            .TakeWhile(l => l.Length > 0)
            .Select(l => l.Split(':', 2))
            .Where(l => l.Length == 2)
            .GroupBy(l => l[0].Trim())
            .ToDictionary(g => g.Key, g => g.First()[1].Trim());
        var name = first.GetValueOrDefault("model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var generation = first.TryGetValue("cpu family", out var family)
            ? $" family {family} model {first.GetValueOrDefault("model")} stepping {first.GetValueOrDefault("stepping")}"
            : "";
        var caches = Caches();
        return name + generation + (caches.Length > 0 ? $", caches {caches}" : "");
    }

    private static string Caches()
    {
        const string folder = "/sys/devices/system/cpu/cpu0/cache";
        return !Directory.Exists(folder)
            ? ""
            : string.Join(
                ' ',
                Directory
                    .GetDirectories(folder, "index*")
                    .Order(StringComparer.Ordinal)
                    .Select(d => Path.Combine(d, "size"))
                    .Where(File.Exists)
                    .Select(f => File.ReadAllText(f).Trim())
            );
    }

    private static string VectorSets()
    {
        (string Name, bool Supported)[] sets =
        [
            ("sse4.2", Sse42.IsSupported),
            ("avx", Avx.IsSupported),
            ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("avx512f", Avx512F.IsSupported),
            ("avx512bw", Avx512BW.IsSupported),
            ("neon", AdvSimd.IsSupported),
        ];
        var supported = sets.Where(s => s.Supported).Select(s => s.Name).ToList();
        return supported.Count == 0 ? "no vectors" : string.Join(' ', supported);
    }
}
