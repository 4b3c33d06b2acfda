#include "picture_metadata.h"

void describe_picture(libcamera::ControlList &metadata) {
  using namespace libcamera::controls;
  metadata.set(ScalerCrop, libcamera::Rectangle(0, 0, 1456, 1088));
  metadata.set(ExposureTime, 15'873);
  metadata.set(AnalogueGain, 2.5f);
  metadata.set(DigitalGain, 1.01f);
  metadata.set(SensorTemperature, 41.0f);
  metadata.set(Lux, 212.5f);
  metadata.set(AeLocked, true);
  metadata.set(AwbLocked, false);
  metadata.set(ColourTemperature, 4'321);
  metadata.set(ColourGains, {1.71f, 1.83f});
  metadata.set(ColourCorrectionMatrix, {1.6f, -0.4f, -0.2f, -0.3f, 1.5f, -0.2f, 0.0f, -0.5f, 1.5f});
  metadata.set(SensorBlackLevels, {4096, 4096, 4096, 4096});
  metadata.set(FocusFoM, 1'234);
  metadata.set(LensPosition, 1.0f);
  metadata.set(AfState, AfStateIdle);
  metadata.set(AfPauseState, AfPauseStateRunning);
}
