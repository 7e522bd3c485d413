using System.Globalization;
using SpeechGan.Configuration;
using static TorchSharp.torch;

namespace SpeechGan.Engine;

/// <summary>Whether tensors can live where they are wanted, asked before anything is trained or written.</summary>
public static class TensorDevice
{
    /// <summary>Loads the engine and looks for the device.</summary>
    /// <param name="device">`cpu`, `cuda` or `cuda:N`.</param>
    /// <exception cref="ConfigException">It is no name of a device.</exception>
    /// <exception cref="EngineException">The engine cannot be had, or has no such device.</exception>
    public static void Require(string device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!ConfigValidator.IsDevice(device))
            throw new ConfigException([
                $"The device is '{device}'; allowed are cpu, cuda and cuda:N with N from 0 to 99. Give for " + "example --device cpu.",
            ]);
        var libtorch = Libtorch.Require();
        if (device == "cpu")
            return;
        if (libtorch.Cuda is null)
            throw new EngineException(CpuBuild(device, libtorch));
        var found = GpuCount();
        if (found == 0)
            throw new EngineException(
                $"Device '{device}' was asked for, and libtorch {EngineInfo.Libtorch} in '{libtorch.Folder}' "
                    + "finds no GPU. See whether nvidia-smi lists one and whether the driver is new enough for this CUDA, or give --device "
                    + "cpu."
            );
        var wanted = device == "cuda" ? 0 : int.Parse(device.AsSpan("cuda:".Length), CultureInfo.InvariantCulture);
        if (wanted >= found)
            throw new EngineException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Device '{device}' was asked for, and there are " + $"{found} GPUs: allowed are cuda:0 to cuda:{found - 1}."
                )
            );
    }

    /// <summary>How many GPUs this libtorch can use.</summary>
    /// <exception cref="EngineException">The engine cannot be had.</exception>
    public static int GpuCount() => Libtorch.Require().Cuda is not null && cuda.is_available() ? cuda.device_count() : 0;

    /// <summary>What is said where a GPU is asked of a libtorch that knows none.</summary>
    internal static string CpuBuild(string device, LoadedLibtorch libtorch) =>
        $"Device '{device}' was asked for, and libtorch {libtorch.Version} in '{libtorch.Folder}' is a CPU build. {HowToGetCuda} Or "
        + "give --device cpu.";

    /// <summary>Ways to a CUDA build of libtorch.</summary>
    internal static string HowToGetCuda =>
        OperatingSystem.IsLinux()
            ? $"Install torch {Libtorch.Expected} with CUDA for python3 and set {LibtorchPlace.PythonVariable}=python, or set "
                + $"{LibtorchPlace.HomeVariable} to the folder of a CUDA build of libtorch (docs/gpu.md)."
            : "Build with -p:TorchDevice=cuda (docs/gpu.md).";
}
